import type { events as en } from '../en/events.ts'

/** The list of events. */
export const events = {
  'events.title': 'イベント',
  'events.lead': '外部から受け付けたイベントと、それによって作成された実行です。',
  'events.table': 'イベント（新しい順）',
  'events.empty': 'イベントはまだありません',
  'events.empty.text': 'スケジューラーがイベントを受け付けると、ここに表示されます。',
  'events.event': 'イベント {id}',
  'events.column.id': '番号',
  'events.column.created': '受付日時',
  'events.column.type': '種別',
  'events.column.processed': '処理',
  'events.column.runs': '実行',
  'events.column.payload': 'ペイロード',
  'events.column.dedupe': '重複排除キー',
  'events.processed': '処理済み',
  'events.waiting': '未処理',
  'events.after': '{span} 後',
  'events.noRuns': 'なし',
  'events.noRuns.why': '実行は作成されていません。この種別を待つ有効なジョブがないか、実行が削除されています。',
  'events.moreRuns': '他 {n} 件',
  'events.filter.any': 'すべて',
  'events.filter.text': '文字列（全項目）',
} as const satisfies Record<keyof typeof en, string>

import type { common as en } from '../en/common.ts'

/** Words that every screen uses. */
export const common = {
  'action.cancel': 'キャンセル',
  'action.close': '閉じる',
  'action.retry': '再試行',
  'copy.done': 'コピーしました。',
  'environment.development': '開発',
  'environment.production': '本番',
  'environment.sandbox': 'サンドボックス',
  'environment.staging': 'ステージング',
  'run.state.ASSIGNED': '割当済み',
  'run.state.CANCELED': '取消',
  'run.state.FAILED': '失敗',
  'run.state.ORPHANED': '孤立',
  'run.state.PENDING': '待機中',
  'run.state.RUNNING': '実行中',
  'run.state.SKIPPED': 'スキップ',
  'run.state.SUCCEEDED': '成功',
  'run.state.TIMED_OUT': 'タイムアウト',
  'value.no': 'いいえ',
  'value.none': 'なし',
  'value.thisMoment': 'この時点',
  'value.unknown': '不明',
  'value.yes': 'はい',
} as const satisfies Record<keyof typeof en, string>

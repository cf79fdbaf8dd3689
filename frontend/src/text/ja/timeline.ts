import type { timeline as en } from '../en/timeline.ts'

/** The timeline: a lane for each worker. */
export const timeline = {
  'timeline.title': 'タイムライン',
  'timeline.lead': '各ワーカーの実行、今後の予定、リーダーの移り変わり。',
  'timeline.canvas': 'ワーカーごとの実行の帯',
  'timeline.help':
    'ホイールまたは + −：拡大・縮小。ドラッグまたは ← →：移動。Shift＋ホイールまたは ↑ ↓：ほかの行。0：全体。クリックで実行を開きます。下の一覧でも確認できます。',
  'timeline.span': '表示期間',
  'timeline.span.30m': '30 分',
  'timeline.span.2h': '2 時間',
  'timeline.span.6h': '6 時間',
  'timeline.span.24h': '24 時間',
  'timeline.span.7d': '7 日間',
  'timeline.follow': '現在に追従',
  'timeline.predicted': '予定',
  'timeline.nobody': 'ワーカーなし',
  'timeline.due': '予定 {at}',
  'timeline.usually': '通常の所要時間 {span}',
  'timeline.term': 'エポック {epoch} · {worker}',
  'timeline.count': '{n} 件を取得',
  'timeline.capped': '{n} 件を超えるため、新しいものだけを表示しています。拡大するとすべて表示されます。',
  'timeline.unfit': 'ほかに {n} 件の予定がありますが、表示していません。',
  'timeline.noTerms': 'このクラスターのノードは、リーダーの任期を記録していません。',
  'timeline.noTerm': 'この期間のリーダーの記録はありません。',
  'timeline.behind': '更新できていません: {reason}',
  'timeline.none': 'この期間の実行はありません',
  'timeline.list': '表示中の実行',
  'timeline.list.all': '一覧: 表示中の {n} 件',
  'timeline.list.cut': '一覧: 表示中の {n} 件のうち新しい {shown} 件',
} as const satisfies Record<keyof typeof en, string>

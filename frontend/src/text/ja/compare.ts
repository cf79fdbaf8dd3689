import type { compare as en } from '../en/compare.ts'

/** Two runs side by side. */
export const compare = {
  'compare.title': '実行 {left} と {right} の比較',
  'compare.swap': '左右を入れ替え',
  'compare.table': '2 つの実行の詳細',
  'compare.fact': '項目',
  'compare.differs': '相違あり',
  'compare.same': '所要時間は同じです。',
  'compare.longer': '実行 {longer} は実行 {shorter} より {span} 長くかかりました。',
  'compare.log': 'ログの相違',
  'compare.log.none': '少なくとも一方にログがありません。',
  'compare.log.same': '時刻を除いて、内容は同じです。',
  'compare.log.head': 'それぞれ先頭の {n} 行だけを比較しています。',
  'compare.log.failed': '実行 {run} のログ: {reason}',
  'compare.log.stamps': '時刻だけが異なる行は同じものとして扱います。',
  'compare.log.only': '実行 {run} のみ',
  'compare.log.skipped': '同じ内容 {n} 行',
  'compare.with': '実行 {id} と比較',
  'compare.with.id': '比較する実行の番号',
  'compare.with.bad': '実行の番号を入力してください。',
  'compare.with.same': '同じジョブの最近の実行から選ぶ',
  'compare.with.none': 'このジョブにほかの実行はありません。',
  'run.compare': '比較…',
  'run.args.job': 'ジョブの引数',
} as const satisfies Record<keyof typeof en, string>

import type { welcome as en } from '../en/welcome.ts'

/** The first screen: environments and the sandbox. */
export const welcome = {
  'sandbox.about':
    'このマシン上で動く、本物のクラスターです。専用の PostgreSQL と Redis、実際にジョブを実行する 5 台のスケジューラーノード、30 日分の履歴を備えています。専用フォルダーの外には一切触れません。',
  'sandbox.open': 'ダッシュボードを開く',
  'sandbox.phase.failed': '起動できませんでした',
  'sandbox.phase.running': '稼働中',
  'sandbox.phase.starting': '起動しています…',
  'sandbox.phase.stopped': '停止中',
  'sandbox.progress': 'サンドボックスの起動状況',
  'sandbox.progressOf': '{done} / {total}',
  'sandbox.reset': '何度も失敗する場合は「opsdeck sandbox reset」で作り直せます。',
  'sandbox.start': 'サンドボックスを起動',
  'sandbox.step.history': '30 日分の履歴を作成しています（初回のみ）',
  'sandbox.step.nodes': 'ノードによるリーダー選出を待っています',
  'sandbox.step.ready': '準備完了',
  'sandbox.step.schema': 'テーブルとログインを作成しています',
  'sandbox.step.servers': 'PostgreSQL と Redis を起動しています',
  'sandbox.stop': 'サンドボックスを停止',
  'sandbox.stopBody':
    'クラスターを停止し、このウィンドウから切断します。データは残り、次回の起動時にそのまま使えます。',
  'sandbox.stopTitle': 'サンドボックスを停止しますか？',
  'welcome.database': 'データベース',
  'welcome.environments': '環境',
  'welcome.lead': 'このウィンドウで監視する環境を選んでください。',
  'welcome.title': 'Opsdeck',
} as const satisfies Record<keyof typeof en, string>

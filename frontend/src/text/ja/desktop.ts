import type { desktop as en } from '../en/desktop.ts'

/** What belongs to the desktop: links, files, notifications, diagnostics. */
export const desktop = {
  'error.definitions.too_many': 'ジョブが {max} 件を超えているため、定義をまとめて読み取れません。',
  'error.compare.bad_request': '比較できません。履歴を 2 つ選び、稼働中の環境の期間は 1 週間以内にしてください。',
  'error.compare.bad_part': '比較の対象に「{part}」はありません。',
  'error.compare.bad_pair': '比較には、異なる 2 つの環境が必要です。',
  'error.compare.bad_rule': 'この差異は「想定どおり」として登録できません。',
  'error.compare.many_rules': '登録済みの想定差異が多すぎます。不要なものを先に削除してください。',
  'error.compare.unreadable':
    '{path} を読み取れません。修復するか削除してください。それまで、どの差異も「想定どおり」とは扱われません。',
  'error.compare.unwritable': '{path} に書き込めません。フォルダーの権限とディスクの空き容量を確認してください。',
  'error.compare.closed': '比較先の環境が開かれていません。もう一度選択してください。',
  'error.compare.changed': '「{name}」は比較後に変更されました。もう一度比較してください。',
  'error.compare.kept': '「{name}」は反映できません。',
  'error.promote.count': '反映するジョブと設定を 1～{max} 件選択してください。',
  'error.promote.job_exists': '比較後に、ジョブ「{name}」がこの環境に作成されました。もう一度比較してください。',
  'error.promote.setting_changed': '比較後に、{setting} がこの環境で変更されました。もう一度比較してください。',
  'error.promote.source_refused': '{source} が反映の記録を拒否しました（{why}）。何も変更していません。',
  'error.launch.bad_link':
    'このリンクは開けません。Opsdeckの画面を指していません。リンクの形式は opsdeck://staging/ops/runs/123 です。',
  'error.launch.bad_file': '開けるのは、このマシンにあるアーカイブ（名前が .opsdeck で終わるファイル）だけです。',
  'error.launch.not_known': 'リンク（opsdeck://…）でもアーカイブ（….opsdeck）でもありません。',
  'help.title': 'ヘルプ',
  'help.version': 'Opsdeck {version}',
  'help.log': 'このプログラムのログ：',
  'help.copy': 'パスをコピー',
  'help.logCopied': 'ログのパスをクリップボードにコピーしました。',
  'help.bundle': '診断情報',
  'help.bundleAbout':
    '問い合わせに添える ZIP ファイルです。プログラムとシステムの情報、開いている環境、ログの末尾が入ります。パスワード・鍵・トークンは含まれません。ジョブ・ワーカー・利用者の名前が含まれることがあるため、渡す前に内容を確認してください。',
  'help.maskHosts': 'ホスト名とアドレスを番号に置き換える',
  'help.path': '保存先',
  'help.save': '診断情報を保存…',
  'help.saved': '診断情報を {path} に保存しました。',
  'keys.help.open': 'ヘルプと診断情報',
  'status.help': 'ヘルプ',
  'launch.open': '開く',
  'launch.openText': 'リンク先は {name} の画面です。開くと、その環境に接続します。',
  'launch.openTitle': '{name} を開きますか？',
  'launch.switchText':
    'リンク先は {name} の画面です。現在開いている {open} を先に閉じます。保存していない内容は失われます。',
  'launch.unknown':
    'リンク先の環境「{profile}」はこのマシンに登録されていません。最初の画面で、この ID の環境を追加してください。',
  'error.archive.another': '{path} は、リンク先とは別のアーカイブです。',
  'error.launch.no_identity': 'このアーカイブへのリンクは作成できません。ダイジェストを読み取れません。',
  'error.launch.no_link': 'この画面へのリンクは作成できません。',
  'keys.link': 'この画面へのリンクをコピー',
  'launch.archiveChoose': 'ファイルを選択…',
  'launch.archiveContent': 'ファイルの場所や名前が変わっても、アーカイブは内容で識別されます：',
  'launch.archiveLive': 'アーカイブの書き出し元である {name} を直接開くこともできます。',
  'launch.archiveLiveOpen': '{name} を開く',
  'launch.archiveNamed':
    'リンク先はアーカイブ「{file}」です。このマシンではまだ開かれていません。ファイルを選択するか、リンクの送り主から受け取ってください。',
  'launch.archiveNameless':
    'リンク先のアーカイブは、このマシンではまだ開かれていません。ファイルを選択するか、リンクの送り主から受け取ってください。',
  'launch.archiveText': 'リンク先はこのアーカイブの画面です。以前は次の場所から開かれました：',
  'launch.archiveUnknown': 'どのファイルですか？',
  'launch.present': 'リンクは {time} 時点のものです。この画面は現在の状態を表示しています。',
  'status.link': 'リンクをコピー',
  'status.linkCopied': 'この画面へのリンクをクリップボードにコピーしました。',
  'status.linkTitle': '表示中の時点を含む、この画面へのリンク',
} as const satisfies Record<keyof typeof en, string>

import type { desktop as en } from '../en/desktop.ts'

/** What belongs to the desktop: links, files, notifications, diagnostics. */
export const desktop = {
  'error.launch.bad_link':
    'このリンクは開けません。Opsdeckの画面を指していません。リンクの形式は opsdeck://staging/ops/runs/123 です。',
  'error.launch.bad_file': '開けるのは、このマシンにあるアーカイブ（名前が .opsdeck で終わるファイル）だけです。',
  'error.launch.not_known': 'リンク（opsdeck://…）でもアーカイブ（….opsdeck）でもありません。',
  'launch.noArchives': 'このバージョンではアーカイブを開けません。',
  'launch.open': '開く',
  'launch.openText': 'リンク先は {name} の画面です。開くと、その環境に接続します。',
  'launch.openTitle': '{name} を開きますか？',
  'launch.switchText':
    'リンク先は {name} の画面です。現在開いている {open} を先に閉じます。保存していない内容は失われます。',
  'launch.unknown':
    'リンク先の環境「{profile}」はこのマシンに登録されていません。最初の画面で、この ID の環境を追加してください。',
} as const satisfies Record<keyof typeof en, string>

import type { profileErrors as en } from '../en/profile-errors.ts'

/** Errors about profiles, by the reason that Go gives. */
export const profileErrors = {
  'error.profile.bad_address': 'ホストとポートを db.example:5432 の形式で、1 行に 1 つずつ入力してください。',
  'error.profile.bad_bucket': 'バケット名は小文字・数字・ハイフン・ドットからなる 3～63 文字です。',
  'error.profile.bad_certificate':
    'PEM 形式の証明書ではありません。BEGIN CERTIFICATE から END CERTIFICATE までを指定してください。',
  'error.profile.bad_choice': '選択肢の中から選んでください。',
  'error.profile.bad_idle': '1〜1440 の分数を入力するか、空欄にしてください。',
  'error.profile.no_other_server':
    '直近のテストでは、記録と異なるサーバーは見つかりませんでした。または、保存前の内容をテストしていました。保存してからもう一度テストしてください。',
  'error.profile.bad_id': 'プロファイルの ID は小文字・数字・ハイフンからなる 63 文字以内です。',
  'error.profile.bad_known_hosts': 'known_hosts ファイルの行ではありません。',
  'error.profile.bad_name': '名前は目に見える文字で 1～80 文字にしてください。',
  'error.profile.bad_redis_database': 'Redis のデータベース番号は 0～65535 です。Cluster では 0 に限られます。',
  'error.profile.bad_text': '長すぎるか、目に見えない文字が含まれています。',
  'error.profile.bad_url': 'https://s3.example:9000 のような URL を、ユーザー・パス・クエリなしで入力してください。',
  'error.profile.changed':
    'このプロファイルは、この画面または別のウィンドウで変更されています。内容を確認し直してから保存してください。',
  'error.profile.disk_full': '{path} を書き込む空き容量がありません。元の内容は残っています。',
  'error.profile.far_socket': 'Unix ソケットには直接接続でしか到達できません。',
  'error.profile.file_failed': '{path} を読み書きできません。原因はログを確認してください。',
  'error.profile.missing': '入力してください。',
  'error.profile.name_taken': '同じ名前、または見分けにくい名前のプロファイルがあります。別の名前にしてください。',
  'error.profile.newer':
    'このプロファイルは新しい Opsdeck で作成されています（形式 {found}、対応しているのは {known} まで）。Opsdeck を更新してください。',
  'error.profile.no_access': 'このユーザーには {path} を読み書きする権限がありません。権限を修正してください。',
  'error.profile.no_folder':
    '設定用のフォルダーが見つかりません。OPSDECK_CONFIG_DIR に利用できるフォルダーを指定してください。',
  'error.profile.no_known_hosts':
    '踏み台ホストは鍵で確認します。known_hosts の行を入力してください。ssh-keyscan で取得し、管理者から伝えられた値と照合してください。',
  'error.profile.no_profile':
    'Opsdeck のプロファイルではありません。「エクスポート」または opsctl profile export で作成したファイルを指定してください。',
  'error.profile.not_found': 'プロファイル {profile} はありません。',
  'error.profile.not_private':
    '{path} の所有者が別のユーザーであるか、他のユーザーが読み書きできる状態です。修正されるまで使用しません: {remedy}',
  'error.profile.one_address':
    '単独の Redis に指定できるアドレスは 1 つです。複数ある場合は Sentinel か Cluster を選んでください。',
  'error.profile.private_key':
    '秘密鍵が含まれています。プロファイルは秘密として扱われないため、秘密鍵はシークレットの欄に入力してください。',
  'error.profile.renamed':
    'ファイル {file} の中身はプロファイル {id} です。ファイルをコピーせず、インポートしてください。',
  'error.profile.reserved_id': 'サンドボックスはプロファイルとして保存できません。',
  'error.profile.too_large': 'プロファイルとしては大きすぎるファイルです（上限 {bytes} バイト）。',
  'error.profile.too_many': '行数が多すぎます。',
  'error.profile.unreadable':
    'プロファイルを読み取れません。{where} が壊れているか、このバージョンにない項目が含まれています。',
} as const satisfies Record<keyof typeof en, string>

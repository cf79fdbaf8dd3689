import type { log as en } from '../en/log.ts'

/** Logs: where they are, why one can't be read, and what to do then. */
export const log = {
  'error.log.bad_address': 'このログ参照は書式が通常と異なるため、Opsdeck では開きません: {ref}',
  'error.log.bad_answer': '{host} の応答はログではありませんでした。',
  'error.log.bad_endpoint':
    'ストレージのアドレスは https://s3.example.com のように書いてください。現在の値: 「{endpoint}」',
  'error.log.bad_kind':
    'この種類のログ参照は開きません。ログの保管場所は、データベース、http(s) アドレス、S3 ストレージ、ワーカー上のパスのいずれかです。',
  'error.log.bad_origin':
    '「{origin}」はログの取得元として許可できません。https://logs.example.com/jobs のように書いてください。',
  'error.log.broke_off': 'ログの途中で {host} との接続が切れました。',
  'error.log.bucket_refused':
    'この環境のプロファイルでは s3://{bucket}/{prefix} 以下のログしか読めません。このログは別の場所にあります: {ref}',
  'error.log.clock_wrong':
    'このマシンの時計が {host} の時計と大きくずれているため、拒否されました。時計を合わせてからもう一度お試しください。',
  'error.log.closed': 'このログは既に閉じられています。実行をもう一度開いてください。',
  'error.log.expired': 'データベースでの保存期間が過ぎており、移す先のアーカイブがありませんでした。',
  'error.log.expired_there': 'このログは保存期間が過ぎたため、{host} から削除されています。',
  'error.log.forbidden':
    '{host} がこのログの読み取りを拒否しました。ログインが必要か、リンクの有効期限が切れています。',
  'error.log.keys_expired':
    '{host} 用の鍵の有効期限が切れています。鍵を更新し、プロファイルに保存している場合はそちらも更新してください。',
  'error.log.keys_refused':
    '{host} がバケット {bucket} に対するプロファイルの鍵を拒否しました。鍵と読み取り権限を確認してください。',
  'error.log.link_expired': 'このログへのリンクは有効期限が切れています。{host} で直接ログを探してください。',
  'error.log.near_address':
    '{host} はこのマシン自身またはすぐ近くのネットワークのアドレスを指しています。Opsdeck はそこからログを読みません。',
  'error.log.no_bucket': '{host} にバケット {bucket} がありません。プロファイルのストレージ設定を確認してください。',
  'error.log.no_instance_keys':
    'このマシンの権限ではストレージの鍵を取得できません。クラウドのメタデータサービスが応答しないか、ロールが割り当てられていません。ロールを割り当てるか、この環境のプロファイルで別の鍵を選んでください。',
  'error.log.no_profile':
    'このマシンの AWS 設定ファイルにプロファイル「{profile}」がありません。追加するか、この環境のプロファイルで別の名前を指定してください。',
  'error.log.no_storage':
    'ログは S3 ストレージにありますが、この環境のプロファイルにはストレージの設定がありません。プロファイルに追加してください。',
  'error.log.none': '実行 {run} のログを指す参照がありません。',
  'error.log.not_found': '{host} のこの場所にログがありません。削除されたか、アップロードされていません。',
  'error.log.on_gone_worker':
    'ログはワーカー {worker} のホスト上のファイルです。このワーカーは既に存在せず、ホストの所在が分かりません。',
  'error.log.on_worker':
    'ログはワーカー {worker} のホスト上のファイルです。Opsdeck は他のホストのファイルを開きません。ホストから取得してください。',
  'error.log.only_reference':
    'アーカイブにはログの所在だけがあり、本文は含まれていません: {ref}。クラスターに接続できる場所で開いてください。',
  'error.log.origin_refused':
    'この環境のプロファイルでは {host} からのログの読み取りが許可されていません。プロファイルの管理者が許可できます。',
  'error.log.packed_badly': '{host} のログは圧縮されていますが、破損しているか途中で切れているため展開できません。',
  'error.log.profile_login':
    'AWS プロファイル「{profile}」のログインの有効期限が切れています。ターミナルで aws sso login --profile {profile} を実行してから、もう一度お試しください。',
  'error.log.profile_unreadable':
    'このマシンの AWS プロファイル「{profile}」から鍵を取得できません。ファイルを読めないか、鍵が欠けています。~/.aws/credentials と ~/.aws/config を確認してください。',
  'error.log.redirected': '{host} が別の場所（{to}）へ転送しようとしました。Opsdeck は転送に従いません。',
  'error.log.short': 'ログのサーバーが末尾まで送らずに応答を終えています。',
  'error.log.status': '{host} がステータス {status} を返しました。しばらくしてからもう一度お試しください。',
  'error.log.unreachable': 'ログを取得するために {host} へ接続できないか、応答が途絶えました。',
  'error.log.wrong_region':
    'バケット {bucket} をリージョン「{region}」で要求しましたが、{host} は「{wanted}」を求めています。プロファイルのリージョンを変更してください。',
  'log.address': 'アドレス',
  'log.address.allow': 'この取得元をプロファイルで許可',
  'log.address.copy': 'アドレスをコピー',
  'log.address.host': 'ホスト',
  'log.address.open': 'ブラウザーで開く…',
  'log.address.open.text':
    'このアドレスはワーカーが書き込んだもので、誰も確認していません。ブラウザーは保存済みのログイン情報を使って開きます。Opsdeck 自身は読み込みません。',
  'log.address.open.title': '{host} をブラウザーで開きますか？',
  'log.address.open.verb': 'ブラウザーで開く',
  'log.address.reads': '文字での表記',
  'log.anew': '保管場所のログが変わったため、現在の内容を先頭から読み込み直しました。',
  'log.broke': '{n} バイト目まで読み込みましたが、続きを読めませんでした: {reason}',
  'log.brokeOf': '{size} バイト中 {n} バイト目まで読み込みましたが、続きを読めませんでした: {reason}',
  'log.face.empty': 'ログがありません',
  'log.face.expired': 'ログの保存期間が過ぎています',
  'log.face.failed': 'ログを表示できません',
  'log.face.none': 'ログはありません',
  'log.face.refused': 'ログの読み取りが許可されていません',
  'log.face.unreachable': 'ログに接続できません',
  'log.face.worker': 'ログはワーカーのホストにあります',
  'log.fetch.copy': 'コマンドをコピー',
  'log.fetch.posix': 'POSIX シェル用です。Windows では Git または WSL のシェルで実行してください。',
  'log.found': '{n} 行が一致',
  'log.full': 'Opsdeck が保持する {size} を超えるため、以降は省略しています',
  'log.goTo': '行番号へ移動',
  'log.noError': 'エラーらしい行は今のところありません',
  'log.path.copy': 'パスをコピー',
  'log.place': '{found} 件中 {place} 件目',
  'log.reading': '読み込み中… {read}',
  'log.readingOf': '読み込み中… {size} 中 {read}',
  'log.save': 'ログをファイルに保存',
  'log.save.sofar': 'これまでに読み込んだ分を保存します。ログはまだ増える可能性があります。',
  'log.save.title': '保存: {log}',
  'log.save.whole': 'ログ全体をそのまま保存します。',
  'log.source.database': 'クラスターのデータベースから',
  'log.source.http': '{host} から',
  'log.source.s3': '{place} から',
  'log.stderr': 'stderr: ',
  'log.take': 'コピーと保存',
  'log.times': '時刻',
  'log.wrap': '折り返し',
} as const satisfies Record<keyof typeof en, string>

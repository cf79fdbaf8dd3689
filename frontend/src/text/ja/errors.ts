import type { errors as en } from '../en/errors.ts'

/** Errors by the reason that Go gives. */
export const errors = {
  'error.args.duplicate': '{line} 行 {column} 文字目: 名前「{name}」が重複しています。最後の値しか残りません。',
  'error.args.not_container': '引数は JSON のオブジェクトまたは配列で指定してください。',
  'error.args.nul': '{line} 行 {column} 文字目: 文字 \\u0000 は PostgreSQL に保存できません。',
  'error.args.surrogate': '{line} 行 {column} 文字目: \\u のサロゲートが対になっていません。',
  'error.args.syntax': '{line} 行 {column} 文字目: ここに「{found}」は書けません。',
  'error.args.too_long': '引数が {max} バイトを超えています。この長さではコマンドを起動できません。',
  'error.args.truncated': '{line} 行 {column} 文字目で JSON が途切れています。',
  'error.expected.empty_window': '期間の終わりが始まりより前か、期間がまだ始まっていません。',
  'error.expected.long_window': '一度に比較できるのは {days} 日間までです。',
  'error.expected.many_runs': 'この期間には {max} 件を超える実行があります。期間を短くしてください。',
  'error.internal': 'Opsdeck 内部で問題が発生しました。原因はログに記録されています。お手数ですがご報告ください。',
  'error.job.bad_number': '0〜2147483647 の整数で入力してください（入力値: 「{value}」）。',
  'error.job.command_long': 'コマンドは {max} 文字以内で入力してください。',
  'error.job.command_missing': '実行するコマンドを入力してください。',
  'error.job.command_space': 'コマンドに空白は使えません。引数は引数欄の JSON に書いてください。',
  'error.job.name_long': '名前は {max} 文字以内で入力してください。',
  'error.job.name_missing': 'ジョブの名前を入力してください。',
  'error.job.text_nul': 'PostgreSQL に保存できない文字が含まれています。',
  'error.job.unknown_policy': '「{policy}」という設定はありません。',
  'error.jobs.not_found': 'ジョブ {job} はありません。',
  'error.localserver.damaged':
    '{dir} の {server} のデータが破損しており、サーバーが起動を拒否しました。「opsdeck sandbox reset」で作り直してください。',
  'error.localserver.disk_full': '{dir} のあるディスクに空きがありません。空き容量を確保してから再度起動してください。',
  'error.localserver.in_use':
    '{dir} は別のプロセスが使用中です。そのプロセスを終了するか、別のフォルダーを選んでください。',
  'error.localserver.not_ready':
    '{dir} の {server} は起動しましたが、時間内に応答しませんでした。ログは同じフォルダーにあります。',
  'error.localserver.path_too_long':
    'パス {dir} は Unix ソケットには長すぎます。より短いパスのフォルダーを選んでください。',
  'error.localserver.start_failed': '{dir} の {server} を起動できませんでした。ログは同じフォルダーにあります。',
  'error.localserver.unreadable':
    '{dir} を、サーバーを動かすユーザーが読み書きできません。権限を修正するか、別のフォルダーを選んでください。',
  'error.page.timeout': '時間内に応答がありませんでした。再試行しても改善しない場合は Opsdeck を再起動してください。',
  'error.postgres.account_missing':
    'PostgreSQL は root では動作せず、代わりに使うシステムユーザーもありません。一般ユーザーで起動するか、ユーザー「postgres」を作成してください。',
  'error.postgres.auth':
    '{address} の PostgreSQL にログインを拒否されました。ユーザー、パスワード、pg_hba.conf を確認してください。',
  'error.postgres.bad_url':
    'PostgreSQL のアドレスを読み取れません。postgres://user@host:5432/database の形式で指定してください。',
  'error.postgres.bad_value': '指定された値はデータベースで扱えません。',
  'error.postgres.connection_lost': '{address} の PostgreSQL との接続が切れました。',
  'error.postgres.exhausted': '{address} の PostgreSQL は、接続数・メモリー・ディスクのいずれかが枯渇しています。',
  'error.postgres.locked':
    '{address} のテーブルがロックされています（マイグレーション中の可能性があります）。完了後に再試行してください。',
  'error.postgres.missing':
    'PostgreSQL がインストールされておらず、ダウンロードもできませんでした。インストールしてから再度起動してください（Debian・Ubuntu：apt-get install postgresql、macOS：brew install postgresql@17）。',
  'error.postgres.no_database': '{address} に該当するデータベースがありません。',
  'error.postgres.no_rights':
    'このログインには {address} の該当データを読む権限がありません。スケジューラーのテーブルの読み取り権限を依頼してください。',
  'error.postgres.no_scheduler':
    'データベースにスケジューラーのテーブルがないか、このログインからは見えません。データベース名と search_path を確認してください。',
  'error.postgres.restarting': '{address} の PostgreSQL は起動中または停止中です。',
  'error.postgres.schema_changed':
    '{address} のテーブルは既知のスケジューラーのものではありません。接続後に変更された可能性があります。',
  'error.postgres.schema_old':
    'スケジューラーのテーブルがマイグレーション {migration} より古い状態です。先にスケジューラーを移行してください。',
  'error.postgres.timeout': '{address} の PostgreSQL から時間内に応答がありません。',
  'error.postgres.unexpected':
    '{address} の PostgreSQL から、Opsdeck が解釈できない応答がありました。内容はログに記録されています。',
  'error.postgres.unreachable':
    '{address} の PostgreSQL に接続できません。起動状態、アドレス、経路を確認してください。',
  'error.postgres.url_parameter':
    'PostgreSQL のアドレスにあるパラメーター {parameter} はプロファイルでは扱えません。取り除き、証明書は専用の欄で指定してください。',
  'error.postgres.version_missing':
    'データは PostgreSQL {wanted} で作成されていますが、このマシンには {found} しかありません。PostgreSQL {wanted} をインストールするか、「opsdeck sandbox reset」で作り直してください。',
  'error.postgres.withdrawn': 'PostgreSQL への問い合わせは取り消されました。',
  'error.redis.auth': '{address} の Redis にログインを拒否されました。ユーザーとパスワードを確認してください。',
  'error.redis.bad_url': 'Redis のアドレスを読み取れません。redis://user@host:6379/0 の形式で指定してください。',
  'error.redis.missing':
    'Redis がインストールされていません。インストールしてから再度起動してください（Debian・Ubuntu：apt-get install redis-server、macOS：brew install redis）。',
  'error.redis.no_rights':
    'このログインには {address} の Redis でスケジューラーのキーを読む権限がありません。ACL で scheduler:* の読み取りコマンドを許可してください。',
  'error.redis.refused':
    '{address} の Redis は応答していますが、この要求を受け付けません。読み込み中、フェイルオーバー中、または別用途の Redis の可能性があります。',
  'error.redis.unreachable': '{address} の Redis に接続できません。起動状態、アドレス、経路を確認してください。',
  'error.request.bad_id': '「{id}」は ID ではありません。',
  'error.request.bad_time': '「{time}」は時刻ではありません。',
  'error.runs.bad_delay': '開始遅延に負の値は指定できません。',
  'error.runs.bad_page_size': 'この表示件数は指定できません。別の件数を選んでください。',
  'error.runs.count_timeout': '一致する実行の件数を数えるのに時間がかかりすぎました。',
  'error.runs.empty_duration': '所要時間の上限が下限を下回っています。',
  'error.runs.empty_range': '期間の終わりが始まりより前になっています。',
  'error.runs.list_timeout': 'この条件では読み取る実行が多すぎます。期間・ジョブ・状態で絞り込んでください。',
  'error.runs.long_text': '検索文字列が長すぎます。',
  'error.runs.no_log_search':
    'ログの検索はアーカイブでのみ可能です。対象の実行をエクスポートし、アーカイブを開いて検索してください。',
  'error.runs.not_found': '実行 {run} はありません。',
  'error.runs.short_text': '検索文字列をもう少し長くするか、期間を指定してください。',
  'error.runs.unknown_state': '「{state}」という状態はありません。',
  'error.runs.window_timeout': 'この期間では読み取る実行が多すぎます。期間を短くしてください。',
  'error.sandbox.failed': 'サンドボックスのノードが時間内にリーダーを選出できませんでした。ログは {dir} にあります。',
  'error.sandbox.foreign_folder': '{dir} にはサンドボックス以外のファイルがあります。別のフォルダーを選んでください。',
  'error.sandbox.node_failed':
    'サンドボックスのノード {node} が起動中に終了しました。原因はサンドボックスのフォルダーにあるログで確認できます。',
  'error.sandbox.not_running': '{dir} で稼働しているサンドボックスはありません。',
  'error.sandbox.ports_taken':
    '127.0.0.1 のポート {start}～{end} のうち {need} 個の空きが必要ですが、{free} 個しか空いていません。他のプログラムを終了するか、別の範囲を選んでください。',
  'error.sandbox.running': '{dir} のサンドボックスはすでに稼働しています。先に停止してください。',
  'error.sandbox.unknown_role':
    'サンドボックスに役割「{role}」はありません。viewer、operator、admin のいずれかを指定してください。',
  'error.session.unknown_stage': '画面がプログラムに未知の通知を送りました。この不具合を報告してください。',
  'error.archive.bad_moment': '時刻として読めません。',
  'error.archive.live': '別の時点に移せるのはアーカイブだけです。',
  'error.session.switched': '別の環境に切り替わったため、前の環境への要求は破棄されました。',
  'error.session.not_open': 'すでに閉じられています。',
  'error.session.idle': '{minutes}分間ウィンドウが使われなかったため、{name} を閉じました。もう一度開いてください。',
  'error.profile.bad_secrets': '入力されたシークレットを処理できませんでした。この不具合を報告してください。',
  'error.profile.no_doctor': 'このウィンドウでは接続テストを実行できません。',
  'error.profile.no_store': 'プロファイル用のフォルダーを使用できません。原因はログにあります。',
  'error.session.closed': '環境が開かれていません。最初の画面で選択してください。',
  'error.timeline.empty_window': '期間の終わりが始まりより前になっています。',
  'error.timeline.long_window': 'タイムラインに一度に表示できるのは {days} 日間までです。',
  'error.worker.bad_key_pair':
    'ワーカー呼び出し用の証明書と鍵を使用できません。両方とも PEM 形式で指定され、対になっているか確認してください。',
  'error.worker.bad_trust': 'ワーカーの確認に使う証明書を読み取れません。PEM 形式の証明書を 1 つ以上指定してください。',
  'error.worker.forbidden': '{address} のワーカーは、この証明書による操作を許可していません。',
  'error.worker.no_certificate':
    'この環境にはワーカー呼び出し用の証明書がないため、ワーカーへの問い合わせは行いません。',
  'error.worker.plaintext': '{address} のワーカーは TLS に対応していませんが、この環境では TLS が必要です。',
  'error.worker.refused_certificate':
    '{address} のワーカーがハンドシェイク直後に接続を閉じました。こちらの証明書が信頼されていないか、平文通信の可能性があります。',
  'error.worker.timeout':
    '{address} のワーカーから時間内に応答がありません。高負荷、停止、または到達不能の可能性があります。',
  'error.worker.unimplemented':
    '{address} のプロセスは gRPC に応答しますが、この呼び出しに対応していません。ワーカーではないか、非常に古いバージョンです。',
  'error.worker.unreachable':
    '{address} のワーカーに接続できません。プロセスが動作していること、このマシンから到達できることを確認してください。',
  'error.worker.untrusted':
    '{address} のプロセスの証明書は、この環境で信頼されていません。アドレスと信頼する証明書を確認してください。',
  'error.workers.gone': 'ワーカー「{worker}」のハートビートが途絶えているため、問い合わせ先のアドレスがありません。',
  'error.workers.unknown': 'ワーカー「{worker}」は現在存在せず、直近の実行もありません。',
  'error.list.bad_cursor': '一覧内の位置を読み取れませんでした。先頭に戻ってください。',
  'error.list.bad_page_size': '1 ページにその件数は表示できません。',
  'error.list.empty_range': '期間の終わりが始まりより前になっています。',
  'error.list.long_text': '検索文字列は 200 文字以内にしてください。',
  'error.settings.not_found': '設定 {setting} はありません。',
  'error.settings.not_integer': '整数で入力してください。',
  'error.settings.not_number': '0.3 のような数値で入力してください。',
  'error.settings.not_boolean': '有効か無効を選んでください。',
  'error.settings.not_choice': '{choices} のいずれかにしてください。',
  'error.settings.not_text': '文字列ではありません。',
  'error.settings.too_small': '{min} 以上にしてください。',
  'error.settings.too_large': '{max} 以下にしてください。',
  'error.settings.too_long': '文字列が長すぎます。',
  'error.settings.control': '制御文字や改行は使えません。',
  'error.settings.unusable': 'JSON として読み取れません。',
  'error.audit.not_found': '操作ログに記録 {entry} はありません。',
  'error.events.not_found': 'イベント {event} はありません。',
  'error.events.bad_processed': '処理済みか未処理を選んでください。',
  'error.failures.bad_window': '期間は 1 分から 92 日の間で指定してください。',
  'error.audit.no_chain':
    'このデータベースにはゲートがなく、操作ログを検証できません。管理者は「opsctl install」で導入できます。',
  'error.audit.verify_timeout': '件数が多く、ここでは検証しきれません。「opsctl audit verify」を実行してください。',
  'error.export.bad_format': '書き出し形式「{format}」はありません。',
  'error.export.bad_path': '末尾が {extension} のファイルを、絶対パスで指定してください。',
  'error.export.elsewhere': 'この書き出しの読み取り元である {name} を先に開いてください。',
  'error.export.no_window': '終了が開始より後になるように期間を指定してください。',
  'error.export.not_here': 'アーカイブに書き出せるのは、接続中の環境だけです。',
  'error.export.runs': '先に書き出しを停止してください。',
  'error.export.exists': '{path} はすでに存在します。別の名前を指定してください。',
  'error.export.gone': 'この書き出しは終了しています。',
  'error.export.no_dialog': 'ファイル選択ダイアログを開けません。パスを入力してください。',
  'error.export.unwritable': '{path} に書き込めません。フォルダーの有無、権限、ディスクの空き容量を確認してください。',
  'error.export.disk_full':
    '{path} のディスクがいっぱいです。空きを作ってから同じ条件でもう一度書き出してください。止まったところから続きます。',
  'error.export.busy': '別の書き出しが {path} に書き込んでいます。終わるのを待つか、別の名前を指定してください。',
  'error.archive.not_found': 'ファイル {path} はありません。',
  'error.archive.foreign': '{path} は Opsdeck のアーカイブではありません。',
  'error.archive.future':
    '{path} は新しい Opsdeck の形式 {format} で書かれています。このプログラムが読めるのは形式 {known} までです。更新してください。',
  'error.archive.truncated':
    '{path} は途中で切れています。コピーに失敗した可能性があります。もう一度取得してください。',
  'error.archive.damaged':
    '{path} は壊れているか、アーカイブに見せかけた別のファイルです。作成元からもう一度取得してください。',
  'error.archive.unreadable': '{path} を読めません。権限とディスクを確認してください。',
  'error.archive.timeout': 'アーカイブの検索に時間がかかりすぎました。期間で絞り込んでください。',
  'error.archive.log_search':
    '作成時刻が {at} の実行まで調べましたが、この文字列を含むログはありません。この検索には索引を使えず、続きに時間がかかります。期間・ジョブ・ワーカーで絞り込んでください。',
  'error.archive.canceled': 'アーカイブを開く処理を中止しました。',
  'error.archive.not_live': 'これはアーカイブです。ワーカーを呼び出すことはできません。',
  'error.export.other':
    '{path} は別のデータベースまたは別の条件で書き始められています。削除するか、別の名前を指定してください。',
  'error.export.many_masks': '伏せ字のパターンは {max} 個まで指定できます。',
  'error.export.bad_mask': '「{pattern}」は伏せ字のパターンにできません。正規表現ではないか、空の文字列に一致します。',
  'error.export.bad_signature': '署名が鍵と一致しません。',
  'error.secrets.no_signing_key':
    'アーカイブ署名用の鍵がまだありません。「opsctl archive keys create」で作成してください。',
  'error.archive.no_key': '表示中のアーカイブに、この鍵による署名はありません。',
  'error.archive.no_config': '設定フォルダーがないため、署名者の鍵を照合できません。',
  'error.archive.bad_signer':
    '署名者名は1行・200文字以内で、公開鍵は「opsctl archive keys」の表示どおりに指定してください。',
  'error.archive.known_signer': '{name} は鍵 {fingerprint} で登録済みです。先に登録を解除してください。',
  'error.archive.unknown_signer': '{name} という署名者は登録されていません。',
  'error.archive.no_signers': '署名者の一覧 {path} を読み書きできません。',
  'error.record.no_folder': '標本を保存するホームフォルダーがありません。--file でファイルを指定してください。',
  'error.record.bad_name': '環境の名前には、英数字を含めてください。',
  'error.record.busy': '別のプログラムがすでに {path} に記録しています。その標本をそのまま利用できます。',
  'error.record.foreign_file': '{path} は、このバージョンで書き込める標本のファイルではありません。',
  'error.record.none': '{path} に記録はありません。',
  'error.record.unwritable': '標本を {path} に書き込めません。フォルダーの権限とディスクの空き容量を確認してください。',
  'error.archive.load_not_empty':
    'データベース {database} にはテーブルがあります。アーカイブ用に空のデータベースを用意してください。',
} as const satisfies Record<keyof typeof en, string>

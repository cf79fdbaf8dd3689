import type { connectionErrors as en } from '../en/connection-errors.ts'

/** Errors on the way to an environment's servers, by the reason that Go gives. */
export const connectionErrors = {
  'error.postgres.auth_failed':
    '{address} の PostgreSQL にログインを拒否されました。ユーザー名とパスワードを確認してください（パスワードが変更された可能性があります）。',
  'error.postgres.conflict':
    '{address} の PostgreSQL が、他の処理と競合したため問い合わせを中断しました。再試行してください。',
  'error.postgres.no_tls':
    '{address} の PostgreSQL は TLS に対応していませんが、プロファイルの sslmode は TLS を必須としています。サーバー側で TLS を有効にしてください。',
  'error.postgres.not_admitted':
    '{address} の PostgreSQL は、ここからのこのログインを受け付けません。pg_hba.conf にユーザー・データベース・接続元ネットワークの行が必要です。TLS やクライアント証明書が求められているか、ログイン権限がない可能性もあります。',
  'error.postgres.read_only':
    '{address} の PostgreSQL はスタンバイのため変更できません。フェイルオーバーでプライマリーが別のサーバーに移っています。再試行してください。',
  'error.postgres.replica_behind':
    '読み取り用レプリカ {address} がプライマリーより {lag} 遅れているため、プライマリーに問い合わせています。',
  'error.postgres.replica_unfed':
    '読み取り用レプリカ {address} がプライマリーからデータを受信していないため、プライマリーに問い合わせています。レプリケーションの状態を確認してください。',
  'error.postgres.swapped':
    '{address} の PostgreSQL は、このプロファイルが記録しているものとは別のサーバーです（システム識別子が {known} ではなく {found}）。正しいサーバーであると確認できたら、プロファイルの編集画面でテストして承認するか、「opsctl doctor --accept-server」を実行してください。',
  'error.postgres.wrong_role':
    '{address} に、プロファイルの条件（target_session_attrs）に合うサーバーがありません。フェイルオーバー中の可能性があります。自動的に再試行します。',
  'error.redis.auth_failed':
    '{address} の Redis にログインを拒否されました。ユーザー名とパスワードを確認してください（パスワードが変更された可能性があります）。',
  'error.redis.failing_over':
    '{address} の Redis に現在マスターがありません。フェイルオーバー中です。自動的に再試行します。',
  'error.redis.loading': '{address} の Redis は起動中で、データを読み込んでいます。自動的に再試行します。',
  'error.redis.no_address': 'プロファイルに Redis のアドレスがありません。',
  'error.redis.no_sentinel':
    '{address} の Sentinel からマスターを取得できません。アドレス、マスター名、Sentinel のログインを確認してください。',
  'error.redis.timeout': '{address} の Redis が時間内に応答しませんでした。',
  'error.trust.bad_ca':
    '{part} の CA 証明書を読み取れません。BEGIN CERTIFICATE から END CERTIFICATE までの PEM 形式で入力してください。',
  'error.trust.bad_pair':
    '{part} のクライアント証明書と秘密鍵を使用できません。両方が PEM 形式で入力され、対になっていることを確認してください。',
  'error.trust.expired':
    '{address} の {part} の証明書は有効期間外です（{from}〜{until}）。更新を依頼してください。期間が正しく見える場合は、この端末の時計を確認してください。',
  'error.trust.not_tls':
    '{address} の {part} は TLS に対応していません。ポートを確認してください。TLS を使わない構成であれば、プロファイルで TLS を無効にしてください。',
  'error.trust.own_expired':
    '{address} の {part} にクライアント証明書を拒否されました。証明書は有効期間外です（{from}〜{until}）。新しい証明書をプロファイルに登録してください。期間が正しく見える場合は、この端末の時計を確認してください。',
  'error.trust.own_missing':
    '{address} の {part} はクライアント証明書を必要とします。証明書と秘密鍵をプロファイルに登録してください。',
  'error.trust.own_refused':
    '{address} の {part} にクライアント証明書を拒否されました。サーバーが信頼する CA の署名があることを確認してください。',
  'error.trust.untrusted':
    '{address} の {part} の証明書を、このプロファイルでは信頼できません。署名した CA の証明書をプロファイルに登録してください。登録済みの場合は、通信が横取りされているおそれがあります。',
  'error.trust.wrong_name':
    '{address} の {part} の証明書は別の名前（{names}）のものです。いずれかの名前をアドレスに指定するか、証明書に名前を追加してください。',
  'error.worker.bad_rewrite':
    '「{rule}」はワーカーのアドレス書き換え規則として正しくありません。「10.0.*:*」や「worker.example:50051」のように「ホスト:ポート」の形式で入力してください。',
  'error.worker.certificate_expired':
    '{address} のワーカーの証明書は有効期間外です（{from}〜{until}）。更新を依頼してください。期間が正しく見える場合は、この端末の時計を確認してください。',
  'error.worker.own_expired':
    '{address} のワーカーにこちらの証明書を拒否されました。証明書は有効期間外です（{from}〜{until}）。新しい証明書をプロファイルに登録してください。期間が正しく見える場合は、この端末の時計を確認してください。',
  'error.tunnel.agent_empty': 'SSH エージェントに鍵が登録されていません。ssh-add で追加してください。',
  'error.tunnel.bad_address':
    '「{address}」は踏み台ホストまたはプロキシのアドレスとして正しくありません。「ホスト名:ポート」の形式で入力してください。',
  'error.tunnel.bad_key':
    '踏み台ホスト用の秘密鍵を読み取れません。id_ed25519 などのファイルの内容を、BEGIN 行から END 行まで貼り付けてください。',
  'error.tunnel.bad_known_hosts':
    '踏み台ホストの既知のホスト鍵の {line} 行目を読み取れません。ssh-keyscan の出力と同じ形式で入力してください。',
  'error.tunnel.channel_refused':
    '踏み台ホスト {jump} から {address}（{part}）に接続できません。踏み台ホストから見たアドレスと、サーバーが動作していることを確認してください。',
  'error.tunnel.forwarding_forbidden':
    '踏み台ホスト {jump} が {address}（{part}）への転送を許可していません。AllowTcpForwarding と PermitOpen、または鍵のオプションで許可する必要があります。',
  'error.tunnel.host_key_changed':
    '踏み台ホスト {jump} の鍵 {fingerprint} が、プロファイルに登録された鍵と一致しません。通信が横取りされているおそれがあります。新しい鍵を登録する前に管理者に確認してください。',
  'error.tunnel.host_key_revoked':
    '踏み台ホスト {jump} の鍵 {fingerprint} は、プロファイルで失効済みとされています。接続せずに管理者に確認してください。',
  'error.tunnel.host_key_unknown':
    '踏み台ホスト {jump} はプロファイルに登録されていません（提示された鍵: {fingerprint}）。管理者の示す値と照合してから、鍵をプロファイルに追加してください。',
  'error.tunnel.no_agent':
    'SSH エージェントが応答しません。SSH_AUTH_SOCK が設定された環境で Opsdeck を起動するか、プロファイルに秘密鍵を登録してください。',
  'error.tunnel.no_answer':
    '{address}（{part}）から応答がありません。アドレスを確認してください。ファイアウォールに遮られているか、VPN が未接続の可能性があります。',
  'error.tunnel.no_key':
    'プロファイルに踏み台ホスト用の秘密鍵がありません。秘密鍵を登録するか、SSH エージェントを使用してください。',
  'error.tunnel.no_passphrase':
    '踏み台ホスト用の秘密鍵はパスフレーズで保護されていますが、パスフレーズが入力されていません。',
  'error.tunnel.not_socks':
    '{proxy} で応答したのは SOCKS5 プロキシではないか、途中で切断されました。プロファイルのプロキシのアドレスを確認してください。',
  'error.tunnel.refused':
    '{address}（{part}）への接続が拒否されました。サーバーが動作し、そのアドレスとポートで待ち受けているか確認してください。',
  'error.tunnel.socks_auth':
    'SOCKS5 プロキシ {proxy} にログインを拒否されました。プロファイルのプロキシのユーザーとパスワードを確認してください。',
  'error.tunnel.socks_forbidden':
    'SOCKS5 プロキシ {proxy} が {address}（{part}）への接続を許可していません。通過を許可するルールの追加を依頼してください。',
  'error.tunnel.socks_no_answer':
    'SOCKS5 プロキシ {proxy} が {address}（{part}）への接続を時間内に確立できませんでした。',
  'error.tunnel.socks_refused':
    'SOCKS5 プロキシ {proxy} から {address}（{part}）に接続できません: {answer}。プロキシから見たアドレスを確認してください。',
  'error.tunnel.ssh_algorithms':
    '踏み台ホスト {jump} と共通の SSH アルゴリズムがありません。サーバーが非常に古いか、登録された種類の鍵を現在は使っていない可能性があります。',
  'error.tunnel.ssh_auth':
    '踏み台ホスト {jump} が、この鍵による {user} のログインを拒否しました。ユーザー名と、踏み台側の authorized_keys に鍵が登録されていることを確認してください。',
  'error.tunnel.ssh_handshake':
    '{jump} で応答したのは SSH サーバーではないか、ハンドシェイクの途中で切断されました。プロファイルの踏み台ホストのアドレスを確認してください。',
  'error.tunnel.ssh_lost':
    '踏み台ホスト {jump} との接続が切れたか、{address}（{part}）への経路が時間内に開けませんでした。',
  'error.tunnel.ssh_silent':
    '踏み台ホスト {jump} は接続を受け付けましたが、その後応答がありません。SSH サーバーであることと、その状態を確認してください。',
  'error.tunnel.ssh_slow': '踏み台ホスト {jump} に接続しています。しばらくしてから再試行してください。',
  'error.tunnel.unknown_way': '環境への接続方法に「{way}」はありません。',
  'error.tunnel.unreachable':
    'この端末から {address}（{part}）への経路がありません。アドレスとネットワークを確認してください。',
  'error.tunnel.unresolved': '名前 {host} を解決できません。綴りと、この端末の DNS または VPN を確認してください。',
  'error.tunnel.wrong_passphrase': 'パスフレーズが正しくないため、踏み台ホスト用の秘密鍵を開けません。',
} as const satisfies Record<keyof typeof en, string>

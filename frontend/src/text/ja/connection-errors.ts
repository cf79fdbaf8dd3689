import type { connectionErrors as en } from '../en/connection-errors.ts'

/** Errors on the way to an environment's servers, by the reason that Go gives. */
export const connectionErrors = {
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

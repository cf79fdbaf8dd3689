import type { doctor as en } from '../en/doctor.ts'

/** What the steps that try out a profile found, by the reason that Go gives. */
export const doctor = {
  'error.doctor.certificate': 'ワーカー用の証明書と秘密鍵は対になっています（有効期限 {until}）。',
  'error.doctor.certificate_ends':
    'ワーカー用の証明書の有効期限が近づいています（{until}）。新しい証明書の発行を依頼してください。',
  'error.doctor.certificate_expired':
    'ワーカー用の証明書は有効期間外です（{from}〜{until}）。新しい証明書をプロファイルに登録してください。期間が正しく見える場合は、この端末の時計を確認してください。',
  'error.doctor.clock_fine': '{part} の時計とこの端末の差は {offset} です。',
  'error.doctor.clock_off': '{part} の時計がこの端末と {offset} ずれています。両方を NTP で合わせてください。',
  'error.doctor.clock_untold': 'このログインでは Redis の時刻を取得できません（時刻はこのテストでのみ使用します）。',
  'error.doctor.clock_wrong':
    '{part} の時計がこの端末と {offset} ずれています。画面の時刻や予定が正しく表示されません。両方を NTP で合わせてください。',
  'error.doctor.connected': '{addresses} に接続できます。',
  'error.doctor.fleet': 'スケジューラーのキーを読み取れます（ワーカー {workers} 台、リーダー {leader}）。',
  'error.doctor.gate': 'ゲートはこの Opsdeck と同じバージョンで導入されています。',
  'error.doctor.new_gate': 'ゲートがこの Opsdeck より新しいバージョンです。Opsdeck を更新してください。',
  'error.doctor.no_gate':
    'ゲートが導入されていないか、このログインでは使えません。閲覧のみ可能で、変更はできません。データベース管理者が「opsctl install」を実行すると使えるようになります。',
  'error.doctor.no_leader': 'スケジューラーのキーを読み取れます（ワーカー {workers} 台）。リーダーがいません。',
  'error.doctor.no_workers':
    'スケジューラーのキーを読み取れますが、ワーカーがいません。ワーカーが動作している場合は、Redis のデータベース番号を確認してください。',
  'error.doctor.nobody_to_ask': '確認するワーカーがいません。',
  'error.doctor.not_tried': '前の手順が失敗したため実行していません。',
  'error.doctor.old_gate':
    'ゲートがこの Opsdeck より古いため、一部の操作が拒否されます。データベース管理者が「opsctl install」を再実行すると更新されます。',
  'error.doctor.postgres_login': '{login} として {database} にログインしました（PostgreSQL {version}）。',
  'error.doctor.redis_login': '{user} として Redis にログインしました（{mode}）。',
  'error.doctor.replica': '読み取り用レプリカ {address} の遅れは {lag} です。',
  'error.doctor.resolved': '{addresses} の名前を解決できます。',
  'error.doctor.resolved_there': '名前は接続先（{address}）で解決されます。',
  'error.doctor.rights_admin': 'このログインは {user}（管理者）に対応しています。',
  'error.doctor.rights_none': 'このログインでは、データベースの権限の範囲で閲覧できます。',
  'error.doctor.rights_operator': 'このログインは {user}（オペレーター）に対応しています。',
  'error.doctor.rights_unmapped':
    'ログイン {login} に対応するユーザーがいないため、閲覧のみ可能です。管理者が「opsctl operator add」で対応付けます。',
  'error.doctor.rights_viewer': 'このログインは {user}（閲覧者）に対応しています。',
  'error.doctor.rights_withdrawn':
    'このログインは {user} に対応していますが、権限がありません。Django のユーザーが無効化された可能性があります。',
  'error.doctor.schema': 'スケジューラーのテーブルがあり、必要な列がすべて揃っています。',
  'error.doctor.tls_local': '接続はこの端末の中で完結しています。',
  'error.doctor.tls_off':
    '接続が暗号化されていないため、ネットワーク上で内容を読まれるおそれがあります。サーバー側で TLS を有効にし、sslmode に verify-full を指定してください。',
  'error.doctor.tls_on': '接続は暗号化されています（{version}）。',
  'error.doctor.tls_passed': 'ログインの手順まで到達しました。',
  'error.doctor.tls_tunnel':
    '踏み台ホストから先の接続は暗号化されていません。サーバーが TLS に対応している場合は、sslmode に verify-full を指定してください。',
  'error.doctor.unexpected': '想定していない理由で失敗しました。原因はログに記録されています。',
  'error.doctor.way_direct': 'この端末からサーバーに直接接続します。',
  'error.doctor.way_socks': 'SOCKS5 プロキシ {address} が応答しました。',
  'error.doctor.way_ssh':
    '踏み台ホスト {address} に {user} としてログインできます。ホスト鍵はプロファイルの登録と一致しています。',
  'error.doctor.workers_answer': 'ワーカー {workers} 台に問い合わせ、すべて応答がありました。',
} as const satisfies Record<keyof typeof en, string>

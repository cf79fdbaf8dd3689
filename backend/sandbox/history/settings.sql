-- Explanations of every setting that the Django scheduler lists, and the values that somebody has changed in this sandbox.
-- A key that is not in scheduler_settings has its process's own default.

insert into scheduler_setting_help
    (key, title, description, impact, editable, input_type, enum_values_json, constraints_json, examples_json, is_secret, updated_at)
select 'SCHEDULER_' || key, title, description, impact, true, input_type, '[]', constraints_json::jsonb, examples::jsonb, is_secret, now()
from (values
    ('REDIS_URL', 'Redis の URL', 'プロセスが選出と生存通知に使う Redis。', '変更には全プロセスの再起動が必要です。', 'text', '{}', '["redis://redis.example:6379/0"]', true),
    ('GRPC_HOST', 'gRPC ホスト', '各プロセスが待ち受け、他へ知らせるホスト名。', '他ノードから届かない値では実行を開始できません。', 'text', '{}', '["127.0.0.1"]', false),
    ('GRPC_PORT_RANGE_START', 'gRPC ポート範囲の始まり', '空きポートを探す範囲の下限。', '再起動後に有効です。', 'text', '{"min": 1, "max": 65535}', '["50051"]', false),
    ('GRPC_PORT_RANGE_END', 'gRPC ポート範囲の終わり', '空きポートを探す範囲の上限。', '範囲が狭いと起動できないプロセスが出ます。', 'text', '{"min": 1, "max": 65535}', '["50150"]', false),
    ('TLS_CERT_FILE', 'TLS 証明書', 'mTLS に使う証明書ファイル。', '空にすると平文で通信します。', 'text', '{}', '[]', false),
    ('TLS_KEY_FILE', 'TLS 秘密鍵', '証明書に対応する鍵ファイル。', '空にすると平文で通信します。', 'text', '{}', '[]', false),
    ('ASSIGN_AHEAD_SECONDS', '先行割当秒数', '予定時刻の何秒前に実行を作り割り当てるか。', '長いほど割当が早まり、偏りの修正が増えます。', 'text', '{"min": 1}', '["60"]', false),
    ('SKIP_LATE_RUNS_AFTER_SECONDS', '遅延スキップ秒数', '予定から何秒過ぎた未開始の実行を飛ばすか。', '0 で無効。短いと復旧直後の実行が飛びます。', 'text', '{"min": 0}', '["300"]', false),
    ('REASSIGN_ASSIGNED_AFTER_SECONDS', '再割当猶予', '割当済みで始まらない実行を取り戻すまでの秒数。', '短いと遅いワーカーから奪います。', 'text', '{"min": 1}', '["10"]', false),
    ('CONTINUATION_CONFIRM_SECONDS', '継続確認秒数', '応答を失ったワーカーの実行を孤立とみなすまでの秒数。', '短いと二重実行の恐れがあります。', 'text', '{"min": 1}', '["30"]', false),
    ('CONTINUATION_RETRY_COUNT', '継続確認の回数', '切り離されたワーカーが問い合わせる回数。', '', 'text', '{"min": 1}', '["3"]', false),
    ('CONTINUATION_RETRY_INTERVAL_SECONDS', '継続確認の間隔', '問い合わせの間隔(秒)。', '', 'text', '{}', '["0.3"]', false),
    ('ASSIGN_WEIGHT_LEADER', 'Leader の重み', '割当の配分。大きいほど多く受け持ちます。', '', 'text', '{"min": 0}', '["1"]', false),
    ('ASSIGN_WEIGHT_SUBLEADER', 'SubLeader の重み', '割当の配分。', '', 'text', '{"min": 0}', '["2"]', false),
    ('ASSIGN_WEIGHT_WORKER', 'Worker の重み', '割当の配分。', '', 'text', '{"min": 0}', '["3"]', false),
    ('ASSIGN_RUNNING_LOAD_WEIGHT', '実行中の負荷', '実行中 1 件を割当何件分と数えるか。', '', 'text', '{"min": 0}', '["2"]', false),
    ('REBALANCE_ASSIGNED_ENABLED', '割当の再配分', '未開始の割当を空いたワーカーへ移すか。', '', 'bool', '{}', '[]', false),
    ('REBALANCE_ASSIGNED_MIN_FUTURE_SECONDS', '再配分の対象', '何秒以上先の実行だけを移すか。', '', 'text', '{"min": 0}', '["30"]', false),
    ('REBALANCE_ASSIGNED_MAX_PER_TICK', '再配分の上限', '1 周期に移す件数。0 で無制限。', '', 'text', '{"min": 0}', '["50"]', false),
    ('REBALANCE_ASSIGNED_COOLDOWN_SECONDS', '再配分の間隔', '同じ実行を再び移すまでの秒数。', '', 'text', '{"min": 0}', '["5"]', false),
    ('LEADER_PING_BATCH_SIZE', 'Ping の数', '1 周期に確認するワーカー数。', '', 'text', '{"min": 1, "max": 50}', '["2"]', false),
    ('MIN_ONLINE_WORKERS', '最小ワーカー数', 'これより少ないと警告します。', '', 'text', '{"min": 0}', '["3"]', false),
    ('WORKER_HIGH_LOAD_THRESHOLD', '高負荷の閾値', '1 ワーカーの受け持ちがこれを超えると警告します。', '', 'text', '{"min": 0}', '["10"]', false),
    ('ALERT_HIGH_LOAD_ENABLED', '高負荷の警告', '', '', 'bool', '{}', '[]', false),
    ('ALERT_ROLE_CHANGE_ENABLED', '役割変更の警告', '', '', 'bool', '{}', '[]', false),
    ('ALERT_WEBHOOK_TOKEN', '警告 Webhook のトークン', 'Alertmanager からの受け口を守ります。', '漏れると偽の通知を送れます。', 'text', '{}', '[]', true),
    ('ALERTMANAGER_URL', 'Alertmanager', '空で機能を使いません。', '', 'text', '{}', '["http://alertmanager.example:9093"]', false),
    ('PROMETHEUS_URL', 'Prometheus', '空で機能を使いません。', '', 'text', '{}', '["http://prometheus.example:9090"]', false),
    ('METRICS_TOKEN', 'メトリクスのトークン', '空では誰でも読めます。', '', 'text', '{}', '[]', true),
    ('NOTIFY_SLACK_WEBHOOK_URL', 'Slack 通知先', 'Incoming Webhook の URL。', '漏れると誰でも投稿できます。', 'text', '{}', '[]', true),
    ('NOTIFY_TEAMS_WEBHOOK_URL', 'Teams 通知先', 'Webhook の URL。', '漏れると誰でも投稿できます。', 'text', '{}', '[]', true),
    ('NOTIFY_EMAIL_TO', 'メールの宛先', 'カンマ区切り。', '', 'text', '{}', '["ops@example.com"]', false),
    ('NOTIFY_EMAIL_FROM', 'メールの差出人', '', '', 'text', '{}', '["scheduler@example.com"]', false),
    ('NOTIFY_SMTP_HOST', 'SMTP ホスト', '', '', 'text', '{}', '["smtp.example.com"]', false),
    ('NOTIFY_SMTP_PORT', 'SMTP ポート', '', '', 'text', '{"min": 1, "max": 65535}', '["587"]', false),
    ('NOTIFY_SMTP_USER', 'SMTP 利用者', '', '', 'text', '{}', '[]', false),
    ('NOTIFY_SMTP_PASSWORD', 'SMTP パスワード', '', '', 'text', '{}', '[]', true),
    ('NOTIFY_SMTP_USE_TLS', 'SMTP の STARTTLS', '', '', 'bool', '{}', '[]', false),
    ('EVENTS_API_TOKEN', 'イベント API のトークン', 'イベント受付に必要な合言葉。', '漏れると外部から実行を作れます。', 'text', '{}', '[]', true),
    ('LOG_ARCHIVE_ENABLED', 'ログの保管', '終了後にログを S3 互換ストレージへ送るか。', '', 'bool', '{}', '[]', false),
    ('LOG_ARCHIVE_S3_ENDPOINT_URL', '保管先の URL', '', '', 'text', '{}', '["http://127.0.0.1:9000"]', false),
    ('LOG_ARCHIVE_S3_REGION', '保管先のリージョン', '', '', 'text', '{}', '["us-east-1"]', false),
    ('LOG_ARCHIVE_BUCKET', '保管先のバケット', '', '', 'text', '{}', '["scheduler-logs"]', false),
    ('LOG_ARCHIVE_PREFIX', '保管先の接頭辞', '', '', 'text', '{}', '["job-logs"]', false),
    ('LOG_ARCHIVE_PUBLIC_BASE_URL', '公開 URL', '画面のリンクに使います。', '', 'text', '{}', '["http://127.0.0.1:9000"]', false),
    ('LOG_ARCHIVE_ACCESS_KEY_ID', '保管先のアクセスキー', '', '', 'text', '{}', '[]', true),
    ('LOG_ARCHIVE_SECRET_ACCESS_KEY', '保管先の秘密鍵', '', '', 'text', '{}', '[]', true),
    ('LOG_LOCAL_DELETE_AFTER_UPLOAD', '送信後に消す', 'ワーカー上のログを消すか。', '', 'bool', '{}', '[]', false),
    ('LOG_LOCAL_RETENTION_HOURS', 'ワーカー上の保存時間', '0 で消しません。', '', 'text', '{"min": 0}', '["24"]', false)
) as help (key, title, description, impact, input_type, constraints_json, examples, is_secret);

insert into scheduler_setting_help
    (key, title, description, impact, editable, input_type, enum_values_json, constraints_json, examples_json, is_secret, updated_at)
values
    ('SCHEDULER_DEPLOYMENT', '配置', 'k8s では Kubernetes の状態を表示します。', '', true, 'enum', '["local", "k8s"]', '{}', '[]', false, now());

-- Both forms that processes read: the bare value, and the one that the web application writes.
insert into scheduler_settings (key, value_json, updated_at)
values
    ('SCHEDULER_MIN_ONLINE_WORKERS', '{"value": 3}', now() - interval '21 days'),
    ('SCHEDULER_WORKER_HIGH_LOAD_THRESHOLD', '{"value": 8}', now() - interval '4 days'),
    ('SCHEDULER_ALERT_HIGH_LOAD_ENABLED', 'true', now() - interval '20 days'),
    ('SCHEDULER_NOTIFY_EMAIL_TO', '"ops@example.com"', now() - interval '20 days'),
    ('SCHEDULER_NOTIFY_SLACK_WEBHOOK_URL', '{"value": "https://hooks.example.com/services/not-a-real-secret"}', now() - interval '9 days'),
    ('SCHEDULER_EVENTS_API_TOKEN', '{"value": "not-a-real-token"}', now() - interval '15 days');

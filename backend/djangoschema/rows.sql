-- The rows that `manage.py migrate` and the scheduler's web application leave behind: what was migrated, the content types
-- with their four permissions each, and the three groups that its roles are read from.

insert into django_migrations (app, name, applied)
select app, name, now()
from (values
    (1, 'contenttypes', '0001_initial'),
    (2, 'auth', '0001_initial'),
    (3, 'admin', '0001_initial'),
    (4, 'admin', '0002_logentry_remove_auto_add'),
    (5, 'admin', '0003_logentry_add_action_flag_choices'),
    (6, 'contenttypes', '0002_remove_content_type_name'),
    (7, 'auth', '0002_alter_permission_name_max_length'),
    (8, 'auth', '0003_alter_user_email_max_length'),
    (9, 'auth', '0004_alter_user_username_opts'),
    (10, 'auth', '0005_alter_user_last_login_null'),
    (11, 'auth', '0006_require_contenttypes_0002'),
    (12, 'auth', '0007_alter_validators_add_error_messages'),
    (13, 'auth', '0008_alter_user_username_max_length'),
    (14, 'auth', '0009_alter_user_last_name_max_length'),
    (15, 'auth', '0010_alter_group_name_max_length'),
    (16, 'auth', '0011_update_proxy_permissions'),
    (17, 'auth', '0012_alter_user_first_name_max_length'),
    (18, 'scheduler', '0001_initial'),
    (19, 'scheduler', '0002_core_models'),
    (20, 'scheduler', '0003_event_dedupe_nullable'),
    (21, 'scheduler', '0004_config_reload_request'),
    (22, 'scheduler', '0005_scheduler_setting_help'),
    (23, 'scheduler', '0006_setting_help_constraints'),
    (24, 'scheduler', '0007_jobrun_resource_usage'),
    (25, 'sessions', '0001_initial')
) as migrated (position, app, name)
order by position;

with models (position, app_label, model, title) as (
    values
    (1, 'admin', 'logentry', 'log entry'),
    (2, 'auth', 'permission', 'permission'),
    (3, 'auth', 'group', 'group'),
    (4, 'auth', 'user', 'user'),
    (5, 'contenttypes', 'contenttype', 'content type'),
    (6, 'sessions', 'session', 'session'),
    (7, 'scheduler', 'jobdefinition', 'job definition'),
    (8, 'scheduler', 'jobrun', 'job run'),
    (9, 'scheduler', 'event', 'event'),
    (10, 'scheduler', 'schedulersetting', 'scheduler setting'),
    (11, 'scheduler', 'schedulersettinghelp', 'scheduler setting help'),
    (12, 'scheduler', 'adminactionlog', 'admin action log'),
    (13, 'scheduler', 'configreloadrequest', 'config reload request')
), content_types as (
    insert into django_content_type (app_label, model)
    select app_label, model from models order by position
    returning id, app_label, model
)
insert into auth_permission (name, content_type_id, codename)
select 'Can ' || action || ' ' || title, c.id, action || '_' || model
from models
join content_types as c using (app_label, model)
cross join (values (1, 'add'), (2, 'change'), (3, 'delete'), (4, 'view')) as actions (action_position, action)
order by models.position, action_position;

insert into auth_group (name)
select name
from (values
    (1, 'schedule_ops_app_operator'),
    (2, 'schedule_ops_ops_admin'),
    (3, 'schedule_ops_superuser')
) as groups (position, name)
order by position;

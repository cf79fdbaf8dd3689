from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0004_config_reload_request")]

    operations = [
        migrations.CreateModel(
            name="SchedulerSettingHelp",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=128, unique=True)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("description", models.TextField(blank=True, default="")),
                ("impact", models.TextField(blank=True, default="")),
                ("editable", models.BooleanField(default=True)),
                ("input_type", models.CharField(default="text", max_length=16)),
                ("enum_values_json", models.JSONField(default=list)),
                ("is_secret", models.BooleanField(default=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={"db_table": "scheduler_setting_help"},
        ),
    ]

-- Whether a policy may keep stored settings from this login.
select coalesce(row_security_active(to_regclass('scheduler_settings')), false)

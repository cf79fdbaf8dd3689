-- Every stored setting.
select key, value, secret, updated_at from setting order by key limit @page

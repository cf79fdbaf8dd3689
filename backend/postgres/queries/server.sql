-- Which server this is: made with its data, and the same on its standbys.
select system_identifier::text as server from pg_control_system()

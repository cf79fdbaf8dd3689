-- Puts a user into the groups of these names; names without a group are passed over, the caller counts.
insert into auth_user_groups (user_id, group_id)
select @user_id, id from auth_group where name = any(@groups::text[]);

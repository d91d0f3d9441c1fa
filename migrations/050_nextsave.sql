-- NextSave (R65): when a fan's standing wish began, which is when its event was raised; null: given, not begun.
alter table purpose add column began_at timestamptz;
update purpose set began_at = given_at where kind = 'future' and revoked_at is null;

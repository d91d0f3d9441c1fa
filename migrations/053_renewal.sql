-- What was said about the end of an authorisation (R58, R103): how many of its notices were raised, and
-- when the fan was asked to renew it. A new authorisation begins anew.
alter table streaming_grant add column notices smallint not null default 0;
alter table streaming_grant add column asked_at timestamptz;
create index streaming_grant_end on streaming_grant (dies_at) where state = 'live' and notices < 3;

-- What a run writes, made leaner. Secondary indexes lead with what they look for: ids are unique in the
-- whole installation, so a project before them adds nothing but width, and a second index that begins
-- with the project is one that the planner may take for the primary key.

alter table work set (fillfactor = 60);
drop index work_flow, work_fan, work_run;
create index work_flow on work (flow_id) where flow_id is not null;
create index work_fan on work (fan_id) where fan_id is not null;
-- A run is found by its id; what is found by its run are the steps that left it.
create index work_run on work (run_id) where kind <> 'run';

drop index waiting_work;
create index waiting_work on waiting (work_id);

drop index event_key_age;
create index event_key_age on event_key using brin (created_at) with (autosummarize = on);

drop index event_fan;
create index event_fan on event (fan_id, id);

drop index run_flow, run_fan, run_event;
create index run_flow on run (flow_id, id);
create index run_fan on run (fan_id, id);

drop index outcome_item;
create index outcome_item on outcome (item_id) where item_id is not null;

-- Without a condition on what its end changes, an intent ends in place.
alter table intent set (fillfactor = 70);
drop index intent_open, intent_provider, intent_fan, intent_run;
create index intent_work on intent (work_id);
create index intent_run on intent (run_id) where run_id is not null;

drop index address_fan, consent_fan, segment_member_fan, save_release;
create index address_fan on address (fan_id);
create index consent_fan on consent (fan_id);
create index segment_member_fan on segment_member (fan_id);
create index save_release on save (release_id, state);

drop index message_fan, message_address, message_cause;
create index message_fan on message (fan_id, sent_at);
create index message_address on message (address, sent_at);

-- A page's token is made from its code with a key that is not in the database.
drop table page_link;
alter table short_link drop column token;
drop index short_link_fan;
create index short_link_fan on short_link (fan_id);

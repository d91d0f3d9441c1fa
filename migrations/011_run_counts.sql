-- The daily counts also hold how many runs started: position 0, status `started`. For what was counted
-- before that.
insert into rollup (project_id, day, flow_id, position, service, status, reason, count)
select project_id, (started_at at time zone 'UTC')::date, flow_id, 0, '', 'started', '', count(*)
  from run group by 1, 2, 3
on conflict do nothing;

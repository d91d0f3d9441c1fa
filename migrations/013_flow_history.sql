-- Who saved a version of a flow, and when it was first started: for its history. What a version holds
-- still never changes.
alter table flow_version
  add column saved_by text not null default 'system',
  add column activated_at timestamptz;

update flow_version v set activated_at = f.updated_at
  from flow f
 where f.project_id = v.project_id and f.id = v.flow_id and f.active_version = v.version;

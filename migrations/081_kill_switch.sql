-- Whether sending is stopped is said by the project's gate alone: who sends holds it (src/kill-switch).
insert into gate (project_id, key, seq, closed)
select id, 'project', 1, true from project where is_sending_stopped
on conflict (project_id, key) do update set seq = gate.seq + 1, closed = true;

alter table project drop column is_sending_stopped;

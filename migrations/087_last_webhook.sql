-- When the provider last told something that was genuine: whoever sets a connection up sees that it arrives.
alter table connection add column last_webhook_at timestamptz;

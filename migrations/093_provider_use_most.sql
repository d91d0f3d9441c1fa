-- What the provider allowed on that day, so that what is left can be shown; null: of before this was kept.
alter table provider_use add column most bigint;

-- R48: what one fan gets in a rolling month over all channels; null: each channel's own limit is enough.
alter table project add column all_channels_cap integer check (all_channels_cap between 1 and 300);

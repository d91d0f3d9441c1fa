-- Conversations and comments of Instagram: what a message may rest on.

-- A fan as one account knows her. When she wrote last says how long she may be answered (R70).
create table instagram_conversation (
  project_id uuid not null,
  connection_id uuid not null,
  -- Her id with this account; another account knows her by another.
  address text not null,
  fan_id uuid not null,
  -- Her last message or tap; comments and links do not count.
  last_message_at timestamptz not null,
  -- She came from an advertisement that leads into the conversation.
  from_ad_at timestamptz,
  -- A person wrote last at; until then nothing automatic does (R116).
  person_at timestamptz,
  silenced_until timestamptz,
  primary key (project_id, connection_id, address)
);
create index instagram_conversation_fan on instagram_conversation (fan_id);

-- One private reply a comment (R69); a comment that is told of twice is one (R71).
create table instagram_comment (
  project_id uuid not null,
  comment_id text not null,
  -- Null: an event by API that named none.
  connection_id uuid,
  fan_id uuid not null,
  media_id text not null,
  is_live boolean not null,
  commented_at timestamptz not null,
  -- The call that replied; of one that was refused nothing counts.
  reply_intent_id uuid,
  primary key (project_id, comment_id)
);
create index instagram_comment_fan on instagram_comment (fan_id, media_id);

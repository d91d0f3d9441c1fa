-- Where an account's own price of a text differs from the list (R80): credits of one part to a country.
create table text_price (
  account_id uuid not null references account,
  country text not null check (country ~ '^[A-Z]{2}$'),
  credits integer not null check (credits > 0),
  primary key (account_id, country)
);

-- An account to come is claimed once for each address. Claims from before this are not told apart, and die in a day.

alter table auth.address_claims add column is_registration boolean not null default false;
create unique index address_claims_registration on auth.address_claims (username)
  where is_registration;

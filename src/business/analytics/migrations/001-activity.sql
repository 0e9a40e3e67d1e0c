-- When each user last made a request, in epoch milliseconds; null where the account is gone.

create table business.activity (
  usr text collate "C" primary key,
  at bigint
) with (fillfactor = 80);

grant select, insert, update on business.activity to sallyport_business;

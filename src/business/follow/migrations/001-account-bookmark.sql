-- Where business is in auth's feed of account events. One row, once somebody has begun.

create table business.account_bookmark (
  is_only boolean primary key default true check (is_only),
  cursor text not null
);

grant select, insert, update on business.account_bookmark to sallyport_business;

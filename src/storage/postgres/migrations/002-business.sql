-- The place of business, which is nobody else's. It has nothing there yet.

create schema business;
grant usage on schema business to sallyport_business;

CREATE SCHEMA auth;

CREATE SCHEMA business;

CREATE SCHEMA migrations;

CREATE TABLE auth.account_events (
    number bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    sub text NOT NULL COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    at bigint NOT NULL
);

CREATE TABLE auth.account_feed (
    is_only boolean DEFAULT true NOT NULL,
    epoch text DEFAULT gen_random_uuid() NOT NULL COLLATE pg_catalog."C",
    last bigint NOT NULL,
    CONSTRAINT account_feed_is_only_check CHECK (is_only)
);

CREATE TABLE auth.address_claims (
    sub text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL,
    is_registration boolean DEFAULT false NOT NULL
);

CREATE TABLE auth.audit_events (
    number bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    until bigint NOT NULL,
    count bigint NOT NULL,
    request_id text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    sub text COLLATE pg_catalog."C",
    actor text COLLATE pg_catalog."C",
    account text COLLATE pg_catalog."C",
    session text COLLATE pg_catalog."C",
    details text COLLATE pg_catalog."C"
);

ALTER TABLE auth.audit_events ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME auth.audit_events_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE auth.clients (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    secret_hash text NOT NULL COLLATE pg_catalog."C",
    previous_hash text COLLATE pg_catalog."C",
    is_disabled boolean DEFAULT false NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE auth.mark_changes (
    change_id text NOT NULL COLLATE pg_catalog."C",
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL
);

CREATE TABLE auth.marks (
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    mark text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL
);

CREATE TABLE auth.outbox (
    id text NOT NULL COLLATE pg_catalog."C",
    template text NOT NULL COLLATE pg_catalog."C",
    sub text NOT NULL COLLATE pg_catalog."C",
    added_at bigint NOT NULL,
    next_attempt_at bigint NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    lease text COLLATE pg_catalog."C",
    is_asked_again boolean DEFAULT false NOT NULL
);

CREATE TABLE auth.pending_revocations (
    change_id text NOT NULL COLLATE pg_catalog."C",
    sub text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE auth.refresh_families (
    id text NOT NULL COLLATE pg_catalog."C",
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    mark text COLLATE pg_catalog."C",
    record text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    previous_hash text COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    rotated_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    rotations integer DEFAULT 0 NOT NULL,
    answer text COLLATE pg_catalog."C",
    answer_closes_at bigint
);

CREATE TABLE auth.session_index (
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL
);

CREATE TABLE auth.sessions (
    hash text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    mark text COLLATE pg_catalog."C",
    record text NOT NULL COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    cap_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    refresh_count integer DEFAULT 0 NOT NULL,
    sweep_at bigint NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05');

CREATE TABLE auth.signing_keys (
    kid text NOT NULL COLLATE pg_catalog."C",
    sealed text NOT NULL COLLATE pg_catalog."C",
    current_at bigint NOT NULL,
    retired_at bigint,
    removed_at bigint
);

CREATE TABLE auth.tokens (
    hash text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    subject_tag text NOT NULL COLLATE pg_catalog."C",
    mark text COLLATE pg_catalog."C",
    record text NOT NULL COLLATE pg_catalog."C",
    issued_at bigint NOT NULL,
    cap_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    refresh_count integer DEFAULT 0 NOT NULL,
    sweep_at bigint NOT NULL
);

CREATE TABLE auth.users (
    id text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    password_hash text NOT NULL,
    is_disabled boolean NOT NULL,
    verified_at bigint DEFAULT floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)),
    roles text[] DEFAULT '{}'::text[] NOT NULL,
    created_at bigint DEFAULT floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)) NOT NULL,
    updated_at bigint DEFAULT floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)) NOT NULL
);

CREATE TABLE business.account_bookmark (
    is_only boolean DEFAULT true NOT NULL,
    cursor text NOT NULL,
    CONSTRAINT account_bookmark_is_only_check CHECK (is_only)
);

CREATE TABLE business.activity (
    usr text NOT NULL COLLATE pg_catalog."C",
    at bigint
)
WITH (fillfactor='80');

CREATE TABLE business.authors (
    id text NOT NULL COLLATE pg_catalog."C",
    name text,
    named_epoch text,
    named_number bigint,
    named_at bigint,
    is_gone boolean DEFAULT false NOT NULL
);

CREATE TABLE business.posts (
    id text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    content text NOT NULL,
    author text COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    likes bigint DEFAULT 0 NOT NULL,
    dislikes bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE business.votes (
    post text NOT NULL COLLATE pg_catalog."C",
    usr text NOT NULL COLLATE pg_catalog."C",
    event text NOT NULL COLLATE pg_catalog."C",
    vote smallint NOT NULL,
    previous smallint NOT NULL,
    day integer NOT NULL
);

CREATE TABLE migrations.applied (
    owner text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY auth.account_events
    ADD CONSTRAINT account_events_pkey PRIMARY KEY (number);

ALTER TABLE ONLY auth.account_feed
    ADD CONSTRAINT account_feed_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY auth.address_claims
    ADD CONSTRAINT address_claims_pkey PRIMARY KEY (sub);

ALTER TABLE ONLY auth.audit_events
    ADD CONSTRAINT audit_events_id_key UNIQUE (id);

ALTER TABLE ONLY auth.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (number);

ALTER TABLE ONLY auth.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.mark_changes
    ADD CONSTRAINT mark_changes_pkey PRIMARY KEY (change_id, subject_tag, purpose);

ALTER TABLE ONLY auth.marks
    ADD CONSTRAINT marks_pkey PRIMARY KEY (subject_tag, purpose);

ALTER TABLE ONLY auth.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.pending_revocations
    ADD CONSTRAINT pending_revocations_pkey PRIMARY KEY (change_id);

ALTER TABLE ONLY auth.refresh_families
    ADD CONSTRAINT refresh_families_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.session_index
    ADD CONSTRAINT session_index_pkey PRIMARY KEY (subject_tag, id);

ALTER TABLE ONLY auth.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY auth.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY auth.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_username_is_free EXCLUDE USING hash (username WITH =);

ALTER TABLE ONLY business.account_bookmark
    ADD CONSTRAINT account_bookmark_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY business.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (usr);

ALTER TABLE ONLY business.authors
    ADD CONSTRAINT authors_pkey PRIMARY KEY (id);

ALTER TABLE ONLY business.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY business.votes
    ADD CONSTRAINT votes_pkey PRIMARY KEY (post, usr);

ALTER TABLE ONLY migrations.applied
    ADD CONSTRAINT applied_pkey PRIMARY KEY (owner, number);

CREATE INDEX address_claims_expires_at ON auth.address_claims USING btree (expires_at);

CREATE UNIQUE INDEX address_claims_registration ON auth.address_claims USING btree (username) WHERE is_registration;

CREATE INDEX audit_events_at ON auth.audit_events USING btree (at);

CREATE INDEX audit_events_sub ON auth.audit_events USING btree (sub, number) WHERE (sub IS NOT NULL);

CREATE INDEX audit_events_type ON auth.audit_events USING btree (type, number);

CREATE INDEX mark_changes_expires_at ON auth.mark_changes USING btree (expires_at);

CREATE INDEX marks_expires_at ON auth.marks USING btree (expires_at);

CREATE INDEX outbox_next_attempt_at ON auth.outbox USING btree (next_attempt_at);

CREATE INDEX refresh_families_answer_closes_at ON auth.refresh_families USING btree (answer_closes_at) WHERE (answer IS NOT NULL);

CREATE INDEX refresh_families_expires_at ON auth.refresh_families USING btree (expires_at);

CREATE INDEX refresh_families_subject_tag ON auth.refresh_families USING btree (subject_tag);

CREATE INDEX session_index_expires_at ON auth.session_index USING btree (expires_at);

CREATE INDEX sessions_sweep_at ON auth.sessions USING btree (sweep_at);

CREATE UNIQUE INDEX signing_keys_last ON auth.signing_keys USING btree ((true)) WHERE (retired_at IS NULL);

CREATE INDEX tokens_sweep_at ON auth.tokens USING btree (sweep_at);

CREATE INDEX posts_author ON business.posts USING btree (author, id DESC);

CREATE INDEX votes_likes ON business.votes USING btree (day) WHERE (vote = 1);

ALTER TABLE ONLY business.votes
    ADD CONSTRAINT votes_post_fkey FOREIGN KEY (post) REFERENCES business.posts(id) ON DELETE CASCADE;

GRANT USAGE ON SCHEMA auth TO sallyport_auth;

GRANT USAGE ON SCHEMA business TO sallyport_business;

GRANT USAGE ON SCHEMA migrations TO sallyport_auth;
GRANT USAGE ON SCHEMA migrations TO sallyport_business;

GRANT SELECT,INSERT,DELETE ON TABLE auth.account_events TO sallyport_auth;

GRANT SELECT,INSERT ON TABLE auth.account_feed TO sallyport_auth;

GRANT UPDATE(last) ON TABLE auth.account_feed TO sallyport_auth;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.address_claims TO sallyport_auth;

GRANT SELECT,INSERT ON TABLE auth.audit_events TO sallyport_auth;

GRANT SELECT,INSERT ON TABLE auth.clients TO sallyport_auth;

GRANT UPDATE(secret_hash) ON TABLE auth.clients TO sallyport_auth;

GRANT UPDATE(previous_hash) ON TABLE auth.clients TO sallyport_auth;

GRANT UPDATE(is_disabled) ON TABLE auth.clients TO sallyport_auth;

GRANT UPDATE(updated_at) ON TABLE auth.clients TO sallyport_auth;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.mark_changes TO sallyport_auth;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.marks TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(template) ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(added_at) ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(next_attempt_at) ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(attempts) ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(lease) ON TABLE auth.outbox TO sallyport_auth;

GRANT UPDATE(is_asked_again) ON TABLE auth.outbox TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.pending_revocations TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(token_hash) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(previous_hash) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(rotated_at) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(rotations) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(answer) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT UPDATE(answer_closes_at) ON TABLE auth.refresh_families TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.session_index TO sallyport_auth;

GRANT UPDATE(expires_at) ON TABLE auth.session_index TO sallyport_auth;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.sessions TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.signing_keys TO sallyport_auth;

GRANT UPDATE(retired_at) ON TABLE auth.signing_keys TO sallyport_auth;

GRANT UPDATE(removed_at) ON TABLE auth.signing_keys TO sallyport_auth;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.tokens TO sallyport_auth;

GRANT SELECT,INSERT,DELETE ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(username) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(name) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(password_hash) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(is_disabled) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(verified_at) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(roles) ON TABLE auth.users TO sallyport_auth;

GRANT UPDATE(updated_at) ON TABLE auth.users TO sallyport_auth;

GRANT SELECT,INSERT,UPDATE ON TABLE business.account_bookmark TO sallyport_business;

GRANT SELECT,INSERT,UPDATE ON TABLE business.activity TO sallyport_business;

GRANT SELECT,INSERT,UPDATE ON TABLE business.authors TO sallyport_business;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE business.posts TO sallyport_business;

GRANT SELECT,INSERT,UPDATE ON TABLE business.votes TO sallyport_business;

GRANT SELECT ON TABLE migrations.applied TO sallyport_auth;
GRANT SELECT ON TABLE migrations.applied TO sallyport_business;


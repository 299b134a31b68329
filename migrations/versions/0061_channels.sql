CREATE TABLE referral.code (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	code TEXT COLLATE "C" NOT NULL, 
	referrer_id UUID NOT NULL, 
	channel TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_code PRIMARY KEY (tenant_id, code), 
	CONSTRAINT fk_code_tenant_id_referrer_id FOREIGN KEY(tenant_id, referrer_id) REFERENCES referral.referrer (tenant_id, id), 
	CONSTRAINT uq_code_tenant_id_referrer_id_channel UNIQUE (tenant_id, referrer_id, channel), 
	CONSTRAINT ck_code_channel_known CHECK (channel IN ('code', 'link', 'poster', 'staff'))
);
COMMENT ON TABLE referral.code IS 'The codes of who invites, one for each channel it may come by';
ALTER TABLE referral.code ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral.code TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT ON referral.code TO huoke_app;
INSERT INTO referral.code (tenant_id, code, referrer_id, channel, made_at)
SELECT tenant_id, code, id, CASE WHEN staff_id IS NULL THEN 'code' ELSE 'staff' END, created_at FROM referral.referrer;
ALTER TABLE referral.bond ADD COLUMN channel TEXT DEFAULT 'code' NOT NULL;
COMMENT ON COLUMN referral.bond.channel IS 'by which the invitation came';
UPDATE referral.bond SET channel = 'staff' WHERE inviter_seq IS NULL;
ALTER TABLE referral.bond ADD CONSTRAINT ck_bond_channel_known CHECK (channel IN ('code', 'link', 'poster', 'staff'));

ALTER TABLE mall.shelf_item ADD COLUMN cash_fen BIGINT DEFAULT 0 NOT NULL;
COMMENT ON COLUMN mall.shelf_item.cash_fen IS 'The rest of it, in money';
ALTER TABLE mall.shelf_item ADD COLUMN hold_pool_id UUID;
COMMENT ON COLUMN mall.shelf_item.hold_pool_id IS 'Where units of orders stand that are not paid yet';
ALTER TABLE mall.shelf_item DROP CONSTRAINT ck_shelf_item_sold_for_points;
ALTER TABLE mall.shelf_item ADD CONSTRAINT ck_shelf_item_has_price CHECK (points >= 0 AND cash_fen >= 0 AND points + cash_fen > 0 AND person_limit > 0 AND stock > 0);
ALTER TABLE mall.item_order ADD COLUMN cash_fen BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE mall.item_order ADD COLUMN purchase_id UUID;
COMMENT ON COLUMN mall.item_order.purchase_id IS 'Of an order of several units, or one with money';
ALTER TABLE mall.item_order ADD COLUMN place INTEGER DEFAULT 0 NOT NULL;
COMMENT ON COLUMN mall.item_order.place IS 'Which unit of its purchase';
ALTER TABLE mall.item_order DROP CONSTRAINT ck_item_order_state_known;
ALTER TABLE mall.item_order ADD CONSTRAINT ck_item_order_state_known CHECK (state IN ('paid', 'refunding', 'refunded'));
CREATE INDEX ix_item_order_purchase ON mall.item_order (tenant_id, purchase_id) WHERE purchase_id IS NOT NULL;
CREATE TABLE mall.after_sale (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	order_id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	points BIGINT NOT NULL, 
	cash_fen BIGINT NOT NULL, 
	returns_stock BOOLEAN DEFAULT false NOT NULL, 
	answer TEXT DEFAULT '' NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	decided_by TEXT, 
	CONSTRAINT pk_after_sale PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_after_sale_state_known CHECK (state IN ('asked', 'agreed', 'refused'))
);
CREATE INDEX ix_after_sale_state ON mall.after_sale (tenant_id, state, asked_at, id);
CREATE UNIQUE INDEX uq_after_sale_open ON mall.after_sale (tenant_id, order_id) WHERE state <> 'refused';
COMMENT ON TABLE mall.after_sale IS 'Customers who want an order undone, and what was decided';
ALTER TABLE mall.after_sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.after_sale TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.after_sale TO huoke_app;
CREATE TABLE mall.cart_line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	seq INTEGER NOT NULL, 
	shelf_item_id UUID NOT NULL, 
	quantity INTEGER NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_cart_line PRIMARY KEY (tenant_id, seq, shelf_item_id), 
	CONSTRAINT ck_cart_line_quantity_fits CHECK (quantity BETWEEN 1 AND 100)
);
COMMENT ON TABLE mall.cart_line IS 'What customers laid into their carts; it holds nothing';
ALTER TABLE mall.cart_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.cart_line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.cart_line TO huoke_app;
CREATE TABLE mall.purchase (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	id UUID NOT NULL, 
	seq INTEGER NOT NULL, 
	request_no TEXT NOT NULL, 
	points BIGINT NOT NULL, 
	cash_fen BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	payment_id UUID, 
	delivery BYTEA, 
	ordered_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_purchase PRIMARY KEY (tenant_id, id), 
	CONSTRAINT ck_purchase_state_known CHECK (state IN ('held', 'paid', 'closed')), 
	CONSTRAINT ck_purchase_has_price CHECK (points >= 0 AND cash_fen >= 0 AND points + cash_fen > 0)
);
CREATE INDEX ix_purchase_ordered_at ON mall.purchase (tenant_id, ordered_at, id);
CREATE UNIQUE INDEX uq_purchase_request ON mall.purchase (tenant_id, seq, request_no);
COMMENT ON TABLE mall.purchase IS 'Orders of several units, or with money: stock, points and budget are held until they are paid or closed';
COMMENT ON COLUMN mall.purchase.id IS 'Also the number of its hold of points';
COMMENT ON COLUMN mall.purchase.code IS 'Why it was closed';
COMMENT ON COLUMN mall.purchase.delivery IS 'C2, under the bank''s key, bound to this row; gone once it has ended';
COMMENT ON COLUMN mall.purchase.ended_at IS 'When it was paid or closed';
ALTER TABLE mall.purchase ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.purchase TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.purchase TO huoke_app;
CREATE TABLE mall.purchase_line (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL, 
	purchase_id UUID NOT NULL, 
	line INTEGER NOT NULL, 
	shelf_item_id UUID NOT NULL, 
	quantity INTEGER NOT NULL, 
	points BIGINT NOT NULL, 
	cash_fen BIGINT NOT NULL, 
	budget_id UUID NOT NULL, 
	cost_fen BIGINT NOT NULL, 
	CONSTRAINT pk_purchase_line PRIMARY KEY (tenant_id, purchase_id, line), 
	CONSTRAINT ck_purchase_line_quantity_fits CHECK (quantity BETWEEN 1 AND 100)
);
CREATE INDEX ix_purchase_line_item ON mall.purchase_line (tenant_id, shelf_item_id);
COMMENT ON TABLE mall.purchase_line IS 'What stands on an order, at the prices it was made at';
COMMENT ON COLUMN mall.purchase_line.points IS 'Of one unit';
COMMENT ON COLUMN mall.purchase_line.cash_fen IS 'Of one unit';
COMMENT ON COLUMN mall.purchase_line.cost_fen IS 'Of one unit, held on the budget';
ALTER TABLE mall.purchase_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mall.purchase_line TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mall.purchase_line TO huoke_app;

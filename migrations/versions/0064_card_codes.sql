ALTER TABLE card_codes.card_code ADD COLUMN brand_id UUID;
COMMENT ON COLUMN card_codes.card_code.brand_id IS 'Who takes it; none for a copy of a code the brand had under another SKU: never drawn.';
UPDATE card_codes.card_code c SET brand_id = f.brand_id FROM (
	SELECT c.tenant_id, c.id, i.brand_id, c.state = 'void' OR row_number() OVER (PARTITION BY c.tenant_id, i.brand_id, c.blind, c.state = 'void' ORDER BY c.state = 'free', c.state = 'drawn', c.id) = 1 AS first
	FROM card_codes.card_code c
	JOIN catalogue.sku s ON s.tenant_id = c.tenant_id AND s.id = c.sku_id
	JOIN catalogue.item i ON i.tenant_id = s.tenant_id AND i.id = s.item_id
) f WHERE f.first AND f.tenant_id = c.tenant_id AND f.id = c.id;
CREATE UNIQUE INDEX uq_card_code_brand_blind ON card_codes.card_code (tenant_id, brand_id, blind) WHERE state <> 'void';

ALTER TABLE group_buy.seat ADD COLUMN delivery BYTEA;
COMMENT ON COLUMN group_buy.seat.delivery IS 'C2, under the bank''s key, bound to this row; gone once it has ended';

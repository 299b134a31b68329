ALTER TABLE bookings.booking ADD COLUMN arrived_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE bookings.booking ADD COLUMN served_by TEXT;
COMMENT ON COLUMN bookings.booking.arrived_at IS 'When its customer checked in at the branch; null for who did not, or whose service has no check-in';
COMMENT ON COLUMN bookings.booking.served_by IS 'Who received a visit';

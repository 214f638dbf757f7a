-- A day may have ten thousand bookings that were given back: places, codes and the desk look past them.
CREATE INDEX booking_kept ON booking (day, service) WHERE state <> 'cancelled';
CREATE INDEX booking_open ON booking (day, service) WHERE state = 'open';
CREATE INDEX booking_code ON booking (day, code);

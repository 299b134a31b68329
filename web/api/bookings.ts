/** Bookings of services: slots with their room, and who comes when. */
import { answered, api, one } from './client'
import { requestNo } from './request'
import type { NewOf, Query, Row } from './types'

export type BookingSlot = Row<'list_booking_slots'>
export type Booking = Row<'list_bookings'>

export const listSlots = (begin: string, end: string) => answered(api.GET('/v1/booking-slots', { params: { query: { begin, end } as Query<'list_booking_slots'> } }))
export const openSlots = (slots: NewOf<'open_booking_slots'>) => one(api.POST('/v1/booking-slots', { body: [{ ...slots, request_no: requestNo() }] }))
export const changeSlot = (slot: NewOf<'change_booking_slots'>) => one(api.PUT('/v1/booking-slots', { body: [slot] }))
export const listBookings = (day: string) => answered(api.GET('/v1/bookings', { params: { query: { day } } }))

export type BookedVisit = Row<'list_visit_bookings'>
export const listVisits = (query: Record<string, string | undefined>) => answered(api.GET('/v1/visit-bookings', { params: { query: query as Query<'list_visit_bookings'> } }))
export const serveVisit = (id: string) => one(api.POST('/v1/visit-bookings/servings', { body: [{ booking_id: id }] }))

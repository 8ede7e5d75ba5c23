"""Training sessions in the calendars of phones and computers (iCalendar, RFC 5545), and reminders of them."""

"""Numbers from responses: tables, satisfaction, intervals and the files made of them."""

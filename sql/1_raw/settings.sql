-- Nothing is fetched, nothing is printed, order is kept: the same input gives the same rows in the same order.
SET enable_progress_bar = false;
SET preserve_insertion_order = true;
SET threads = 2;

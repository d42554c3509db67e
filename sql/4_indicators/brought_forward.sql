-- What the period takes over: column 11 of the one before it, by office and field, or the opening balance.
SELECT handling_office, field, sum(pending_total)::BIGINT AS pending_total
FROM (
    SELECT handling_office, field, pending_total FROM form_row_before
    UNION ALL
    SELECT handling_office, field, pending_total FROM opening_balance
) AS known
GROUP BY handling_office, field
HAVING sum(pending_total) > 0
ORDER BY handling_office, field;

DELETE FROM nonconformities.nonconformity;

USE staged;

USE validated;

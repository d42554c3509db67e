USE indicators;

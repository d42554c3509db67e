USE main;

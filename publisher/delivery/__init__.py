"""What is due, what is frozen, who gets it: releases and their deliveries, nobody twice."""

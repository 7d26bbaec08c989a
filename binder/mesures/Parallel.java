package fr.cours.attention.math;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.bytedeco.openblas.global.openblas;
final class Parallel {
    static final int THREADS = Integer.getInteger("attention.threads", 2);
    static final long SPIN = Long.getLong("attention.spin", 100_000L);
    static final long WORTH = 1L << Integer.getInteger("attention.worth", 19);
    static { org.nd4j.linalg.factory.Nd4j.create(1); openblas.blas_set_num_threads(1); }
    private static final class Job { final int tasks; final IntConsumer body; final AtomicInteger next=new AtomicInteger(); final AtomicInteger done=new AtomicInteger(); Throwable failure;
        Job(int t, IntConsumer b){tasks=t;body=b;}
        void share(){ for(int i; (i=next.getAndIncrement())<tasks;){ try{ body.accept(i);}catch(Throwable x){failure=x;} done.incrementAndGet(); } } }
    private static final class Worker extends Thread {
        volatile Job job; volatile boolean parked;
        Worker(){ super("math"); setDaemon(true); start(); }
        @Override public void run(){
            for(;;){
                long until=System.nanoTime()+SPIN; Job j; int k=0;
                while((j=job)==null){ Thread.onSpinWait(); if((++k&63)==0 && System.nanoTime()>until){ parked=true; if(job==null) LockSupport.park(this); parked=false; until=System.nanoTime()+SPIN; } }
                job=null; j.share();
            }
        }
    }
    private static final Worker WORKER = THREADS>1?new Worker():null;
    static synchronized void run(int tasks, long work, IntConsumer body){
        if(WORKER==null||tasks<2||work<WORTH||ComputePath.isPlain()){ for(int i=0;i<tasks;i++) body.accept(i); return; }
        Job j=new Job(tasks,body); WORKER.job=j; if(WORKER.parked) LockSupport.unpark(WORKER);
        j.share();
        WORKER.job=null;
        while(j.done.get()<tasks) Thread.onSpinWait();
        if(j.failure!=null) throw new RuntimeException(j.failure);
    }
}
